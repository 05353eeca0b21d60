using static Postbell.Mailbox.SearchCriterion;

namespace Postbell.Mailbox.Tests;

public sealed class SearchTests
{
    [Fact]
    public async Task Messages_are_found_by_everything_a_row_knows()
    {
        await using var opened = await FilledAsync();
        (await FindAsync(opened, SearchCriterion.All)).ShouldBe([1, 2, 3]);
        (await FindAsync(opened, new HasFlags(MessageFlags.Parse(["\\Seen"])))).ShouldBe([1]);
        (await FindAsync(opened, new Not(new HasFlags(MessageFlags.Parse(["\\Seen"]))))).ShouldBe([2, 3]);
        (await FindAsync(opened, new HasFlags(MessageFlags.Parse(["WORK"])))).ShouldBe([2]);
        (await FindAsync(opened, new Uids([new UidRange(2, uint.MaxValue)]))).ShouldBe([2, 3]);
        (await FindAsync(opened, new LargerThan(300))).ShouldBe([3]);
        (await FindAsync(opened, new SmallerThan(300))).ShouldBe([1, 2]);
        (await FindAsync(opened, new IsKind(MessageKind.Voice))).ShouldBe([2]);
        (await FindAsync(opened, new Either(new LargerThan(300), new IsKind(MessageKind.Voice)))).ShouldBe([2, 3]);
        (await FindAsync(opened, new AllOf([new SmallerThan(300), new IsKind(MessageKind.Mail)]))).ShouldBe([1]);
        (await FindAsync(opened, new ModSeqAtLeast((await opened.SelectAsync()).Rows[1].ModSeq))).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Dates_are_compared_by_day()
    {
        await using var opened = await FilledAsync();
        var day = DateOnly.FromDateTime(opened.Time.GetUtcNow().UtcDateTime);
        (await FindAsync(opened, new InternalDate(day, day.AddDays(1)))).ShouldBe([1, 2, 3]);
        (await FindAsync(opened, new InternalDate(null, day))).ShouldBeEmpty();
        (await FindAsync(opened, new SentDate(new DateOnly(2020, 5, 1), new DateOnly(2020, 5, 2)))).ShouldBe([1]);
        (await FindAsync(opened, new SentDate(null, new DateOnly(2021, 1, 1)))).ShouldBe([1]);
    }

    [Theory]
    [InlineData("Subject", "ZOË", new uint[] { 1 })]
    [InlineData("FROM", "bell", new uint[] { 1 })]
    [InlineData("X-CallingTelephoneNumber", "", new uint[] { 2 })]
    [InlineData("Subject", "=?utf-8", new uint[0])]
    [InlineData("X-None", "", new uint[0])]
    public async Task Headers_are_searched_decoded_and_without_case(string name, string text, uint[] found)
    {
        await using var opened = await FilledAsync();
        (await FindAsync(opened, new HeaderContains(name, text))).ShouldBe(found);
    }

    [Theory]
    [InlineData("grüsse", new uint[] { 1, 3 })]
    [InlineData("bold word", new uint[] { 3 })]
    [InlineData("<b>", new uint[0])]
    [InlineData("inner subject", new uint[] { 3 })]
    [InlineData("AAAA", new uint[0])]
    public async Task Bodies_are_searched_decoded(string text, uint[] found)
    {
        await using var opened = await FilledAsync();
        (await FindAsync(opened, new BodyContains(text))).ShouldBe(found);
    }

    [Fact]
    public async Task Text_is_header_and_body()
    {
        await using var opened = await FilledAsync();
        (await FindAsync(opened, new TextContains("zoë"))).ShouldBe([1, 2]);
        (await FindAsync(opened, new TextContains("grüsse"))).ShouldBe([1, 3]);
        (await FindAsync(opened, new Not(new TextContains("grüsse")))).ShouldBe([2]);
        (await FindAsync(opened, new Either(new IsKind(MessageKind.Voice), new TextContains("inner")))).ShouldBe([2, 3]);
        (await FindAsync(opened, new AllOf([new IsKind(MessageKind.Mail), new BodyContains("grüsse"), new LargerThan(300)]))).ShouldBe([3]);
    }

    [Fact]
    public async Task A_damaged_message_does_not_make_its_folder_unsearchable()
    {
        await using var opened = await FilledAsync();
        foreach (var blob in Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories).Take(1))
        {
            File.Delete(blob);
        }

        (await FindAsync(opened, new TextContains(""))).Count.ShouldBe(2);
    }

    private static async Task<OpenedStore> FilledAsync()
    {
        var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync(
            "INBOX",
            "From: Ann Bell <a@b>\nDate: Fri, 1 May 2020 23:59:00 -1100\nSubject: =?utf-8?Q?Zo=C3=AB?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FCsse\n",
            "\\Seen");
        await opened.AppendAsync("INBOX", OpenedStore.Voice(), "work");
        await opened.AppendAsync(
            "INBOX",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+Ym9sZDwvYj4gd29yZCBHciZ1dW1sO3NzZQ==\n--b\nContent-Type: audio/mp3\nContent-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: message/rfc822\n\nSubject: inner subject\n\nx\n--b--\n");
        return opened;
    }

    private static async Task<IReadOnlyList<uint>> FindAsync(OpenedStore opened, SearchCriterion criterion) =>
        await opened.Mailbox.SearchAsync((await opened.SelectAsync()).Folder.Id, criterion, default);
}
