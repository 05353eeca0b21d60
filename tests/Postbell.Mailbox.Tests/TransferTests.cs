using System.Text;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

/// <summary>Mailboxes to and from mbox files and Maildirs.</summary>
public sealed class TransferTests
{
    private const string Body = "From here to there\n>From before\n>>From twice\nFroma\n\n\nFrom ann@example.com Sun Mar  1 09:00:00 2026\nlast line\n\n";

    [Theory]
    [InlineData(TransferFormat.Mbox)]
    [InlineData(TransferFormat.Maildir)]
    public async Task A_mailbox_comes_back_as_it_was(TransferFormat format)
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        string[] folders = ["INBOX", "Archive/2026", "Über %41 .x/a.b", "..", "Trash"];
        foreach (var folder in folders.Where(f => f is not ("INBOX" or "Trash")))
        {
            await opened.Mailbox.CreateFolderAsync(folder, default);
        }

        foreach (var (folder, i) in folders.Select((f, i) => (f, i)))
        {
            await AppendAsync(opened, folder, $"From: Ann <ann@example.com>\nSubject: {i}\n\n{Body}", "\\Seen", "\\Flagged", "work", "$Forwarded");
            await AppendAsync(opened, folder, $"Subject: empty {i}\n\n");
            await AppendAsync(opened, folder, $"Subject: lines {i}\n\n\n\n\n", "\\Draft", "\\Answered", "\\Deleted");
        }

        var written = await opened.Store.ExportAsync(opened.Account.Id, target.File("out"), format, null, default);
        (written.Messages, written.Damaged.Count).ShouldBe((15, 0));
        var (other, mailbox) = await NewAccountAsync(opened);
        var taken = await opened.Store.ImportAsync(other, target.File("out"), null, default);
        taken.Refused.ShouldBeEmpty();
        taken.Imported.ShouldBe(15);
        foreach (var folder in folders)
        {
            (await DescribeAsync(mailbox, folder)).ShouldBe(await DescribeAsync(opened.Mailbox, folder), folder);
        }

        // Once more: nothing comes twice.
        var again = await opened.Store.ImportAsync(other, target.File("out"), null, default);
        (again.Imported, again.Present).ShouldBe((0, 15));
    }

    [Fact]
    public async Task An_mbox_of_another_program_is_taken_with_its_dates_and_flags()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var source = new TemporaryDirectory();
        File.WriteAllText(
            source.File("old"),
            "From ann@example.com Fri Jul  8 12:08:34 2011 +0200\nX-IMAPbase: 1 2\nSubject: one\nStatus: RO\nX-Status: AF\nX-Keywords: work, nice\n folded\n\nFrom the text\n\nFrom nobody without a date\n>From quoted\n\n"
            + "From - Sat Jan 01 00:00:00 2000\r\nSubject: two\r\n\r\ncrlf\r\n\r\nFrom x Mon Feb 30 00:00:00 2001\nno date\n");
        var taken = await opened.Store.ImportAsync(opened.Account.Id, source.File("old"), "Old/Mail", default);
        (taken.Folders, taken.Imported).ShouldBe((1, 2));
        var messages = await ReadAsync(opened.Mailbox, "Old/Mail");
        messages.Select(m => m.InternalDate).ShouldBe([new DateTimeOffset(2011, 7, 8, 10, 8, 34, TimeSpan.Zero), new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)]);
        messages[0].Flags.ToString().ShouldBe("\\Answered \\Flagged \\Seen nice work");
        Encoding.ASCII.GetString((await opened.Mailbox.ReadContentAsync(messages[0], default)).Span)
            .ShouldBe("Subject: one\r\n\r\nFrom the text\r\n\r\nFrom nobody without a date\r\nFrom quoted\r\n");
        Encoding.ASCII.GetString((await opened.Mailbox.ReadContentAsync(messages[1], default)).Span)
            .ShouldBe("Subject: two\r\n\r\ncrlf\r\n\r\nFrom x Mon Feb 30 00:00:00 2001\r\nno date\r\n");
    }

    [Fact]
    public async Task Lines_and_messages_of_any_size_pass_through()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var source = new TemporaryDirectory();
        using (var file = File.Create(source.File("in.mbox")))
        {
            file.Write("From a Sat Jan 01 00:00:00 2000\nSubject: long\n\n"u8);
            var piece = new byte[1 << 20];
            Array.Fill(piece, (byte)'>');
            for (var i = 0; i < 5; i++)
            {
                file.Write(piece);
            }

            file.Write("\n\nFrom b Sat Jan 01 00:00:00 2000\nSubject: too long\n\n"u8);
            for (var i = 0; i < 70; i++)
            {
                file.Write(piece);
            }

            file.Write("\n\nFrom c Sat Jan 01 00:00:00 2000\nSubject: after\n\n\0nul\n"u8);
        }

        var taken = await opened.Store.ImportAsync(opened.Account.Id, source, null, default);
        taken.Imported.ShouldBe(2);
        taken.Refused.ShouldHaveSingleItem().ShouldStartWith("in.mbox, message 2: 73400");
        var messages = await ReadAsync(opened.Mailbox, "in");
        messages.Select(m => m.Size).ShouldBe([("Subject: long\r\n\r\n\r\n".Length) + (5L << 20), "Subject: after\r\n\r\nxnul\r\n".Length]);
        await opened.Store.ExportAsync(opened.Account.Id, source.File("out"), TransferFormat.Mbox, "in", default);
        new FileInfo(source.File("out/in.mbox")).Length.ShouldBeGreaterThan(5L << 20);
    }

    [Fact]
    public async Task A_maildir_with_links_and_odd_names_gives_what_is_sound()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var source = new TemporaryDirectory();
        File.WriteAllText(source.File("secret"), "Subject: not yours\n\nx");
        Directory.CreateDirectory(source.File("md/cur"));
        Directory.CreateDirectory(source.File("md/new"));
        Directory.CreateDirectory(source.File("md/.Sub.Deep/cur"));
        Directory.CreateDirectory(source.File("md/.bad..name/cur"));
        Directory.CreateSymbolicLink(source.File("md/.linked"), source);
        File.CreateSymbolicLink(source.File("md/cur/link:2,S"), source.File("secret"));
        File.WriteAllText(source.File("md/cur/1.x:2,FSZ?"), "Subject: one\n\nx");
        File.WriteAllText(source.File("md/new/2.x"), "");
        File.WriteAllText(source.File("md/new/.hidden"), "x");
        File.WriteAllText(source.File("md/.Sub.Deep/cur/3.x:2,b"), "Subject: three\n\nx");
        File.WriteAllText(source.File("md/.Sub.Deep/dovecot-keywords"), "1 $Work\nx y\n99 z\n");
        File.WriteAllText(source.File("md/.bad..name/cur/4.x"), "Subject: four\n\nx");
        var taken = await opened.Store.ImportAsync(opened.Account.Id, source.File("md"), null, default);
        taken.Imported.ShouldBe(2);
        taken.Refused.Count.ShouldBe(3, string.Join('\n', taken.Refused));
        taken.Refused.ShouldContain("INBOX/link:2,S: a link is not followed");
        (await ReadAsync(opened.Mailbox, "INBOX")).Single().Flags.ToString().ShouldBe("\\Flagged \\Seen");
        (await ReadAsync(opened.Mailbox, "Sub/Deep")).Single().Flags.ToString().ShouldBe("$Work");
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_by_name_and_damaged_messages_are_named()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var place = new TemporaryDirectory();
        await AppendAsync(opened, "INBOX", "Subject: lost\n\nx");
        File.AppendAllText(Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories).Single(), "more");
        await AppendAsync(opened, "INBOX", "Subject: kept\n\nx");
        (await opened.Store.ExportAsync(opened.Account.Id, place.File("a"), TransferFormat.Mbox, "INBOX", default)).Damaged.ShouldBe(["INBOX, UID 1"]);
        File.ReadAllText(place.File("a/INBOX.mbox")).ShouldBe("From MAILER-DAEMON Sun Mar  1 09:02:02 2026\nStatus: O\nSubject: kept\n\nx\n\n");
        (await opened.Store.ExportAsync(opened.Account.Id, place.File("b"), TransferFormat.Maildir, "INBOX", default)).Damaged.Count.ShouldBe(1);
        (await FolderTests.Refusal(opened.Store.ExportAsync(opened.Account.Id, place.File("a"), TransferFormat.Mbox, null, default))).ShouldBe(MailboxFailure.BackupFailed);
        (await FolderTests.Refusal(opened.Store.ExportAsync(opened.Account.Id, place.File("c"), TransferFormat.Mbox, "nope", default))).ShouldBe(MailboxFailure.NoSuchFolder);
        (await FolderTests.Refusal(opened.Store.ImportAsync(opened.Account.Id, place.File("nope"), null, default))).ShouldBe(MailboxFailure.BackupFailed);
        File.WriteAllText(place.File("text"), "hello\n");
        (await FolderTests.Refusal(opened.Store.ImportAsync(opened.Account.Id, place.File("text"), null, default))).ShouldBe(MailboxFailure.BackupFailed);
    }

    private static async Task<(long, MailboxView)> NewAccountAsync(OpenedStore opened)
    {
        var id = (await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "Bo" }, default)).Id;
        return (id, await opened.Store.OpenMailboxAsync(id, default));
    }

    private static async Task AppendAsync(OpenedStore opened, string folder, string message, params string[] flags)
    {
        opened.Time.Advance(TimeSpan.FromSeconds(61));
        await opened.AppendAsync(folder, message, flags);
    }

    private static async Task<IReadOnlyList<StoredMessage>> ReadAsync(MailboxView mailbox, string folder) =>
        await mailbox.ReadMessagesAsync((await mailbox.FindFolderAsync(folder, default))!.Id, [UidRange.All], default);

    private static async Task<IEnumerable<string>> DescribeAsync(MailboxView mailbox, string folder)
    {
        var lines = new List<string>();
        foreach (var message in await ReadAsync(mailbox, folder))
        {
            lines.Add($"{message.InternalDate:u} {message.Flags} {Encoding.UTF8.GetString((await mailbox.ReadContentAsync(message, default)).Span)}");
        }

        return lines.Order(StringComparer.Ordinal);
    }
}
