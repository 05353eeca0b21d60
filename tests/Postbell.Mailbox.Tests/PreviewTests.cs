namespace Postbell.Mailbox.Tests;

public sealed class PreviewTests
{
    [Theory]
    [InlineData("Subject: x\n\n  Hello\n\n\tthere,  Ann \n", "Hello there, Ann")]
    [InlineData("Content-Type: text/html\n\n<html><head><title>T</title><style>p { color: red }</style></head><body><!-- no --><p>One<b>two</b></p><p>&lt;three&gt; &amp; f&ouml;ur<script>alert(1)</script></body>", "Onetwo <three> & föur")]
    [InlineData("Content-Type: audio/wav\n\nRIFF", "")]
    [InlineData("Subject: nothing\n\n", "")]
    [InlineData("Content-Type: text/html\n\n<style>", "")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nna=EFve", "naïve")]
    public async Task Is_the_first_words_without_markup(string message, string expected)
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", message);
        (await FirstAsync(opened)).Preview.ShouldBe(expected);
    }

    [Fact]
    public async Task Prefers_a_transcript_then_plain_text_and_never_an_attachment()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=a.txt\n\nattached\n--b\nContent-Type: text/html\n\n<p>html\n--b\n\nplain\n--b--\n");
        (await FirstAsync(opened)).Preview.ShouldBe("plain");
        await opened.AppendAsync("Drafts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYou have a voice message.\n--b\nContent-Description: Transcript\nContent-Disposition: attachment; filename=x.txt\n\nPlease call back\n--b--\n");
        (await FirstAsync(opened, "Drafts")).Preview.ShouldBe("Please call back");
    }

    [Fact]
    public async Task Has_at_most_200_characters_and_cuts_none_in_two()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Content-Type: text/plain; charset=utf-8\n\n" + string.Concat(Enumerable.Repeat("😀", 500)));
        var preview = (await FirstAsync(opened)).Preview!;
        preview.EnumerateRunes().Count().ShouldBe(200);
        preview.EnumerateRunes().ShouldAllBe(r => r.Value == 0x1F600);
    }

    [Fact]
    public async Task Of_a_message_of_an_older_version_is_read_when_asked_for()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: x\n\nold words");
        await opened.Store.Writer.WriteAsync(scope => scope.Sql.Execute("UPDATE contents SET preview = NULL"), default);
        var message = await FirstAsync(opened);
        message.Preview.ShouldBeNull();
        (await opened.Mailbox.ReadPreviewAsync(message, default)).ShouldBe("old words");
    }

    private static async Task<StoredMessage> FirstAsync(OpenedStore opened, string folder = "INBOX") =>
        (await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync(folder)).Folder.Id, [UidRange.All], default))[0];
}
