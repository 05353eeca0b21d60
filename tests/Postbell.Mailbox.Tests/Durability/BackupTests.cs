using Postbell.TestKit;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_is_a_store_of_its_own_and_the_next_copies_only_what_is_new()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        await opened.AppendAsync("INBOX", "Subject: one\n\nx");
        await opened.AppendAsync("INBOX", "Subject: two\n\nx");
        (await opened.Store.BackupAsync(target, default)).Copied.ShouldBe(2);
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        await opened.AppendAsync("INBOX", "Subject: three\n\nx");
        var second = await opened.Store.BackupAsync(target, default);
        (second.Messages, second.Copied, second.Removed).ShouldBe((1L, 1L, 2L));
        await using var copy = await OpenedStore.OpenAsync(target, new ManualTime());
        (await copy.VerifyAsync(null, repair: false, default)).IsSound.ShouldBeTrue();
        (await ReadAsync(copy, "ann", "INBOX")).ShouldBe(["three"]);
    }

    [Fact]
    public async Task A_backup_taken_while_messages_come_and_go_is_whole()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await opened.AppendAsync("INBOX", $"Subject: {i}\n\nx");
                if (i % 3 == 2)
                {
                    await MessageTests.DeleteAllAsync(opened, "INBOX");
                }
            }
        });
        for (var i = 0; i < 5; i++)
        {
            (await opened.Store.BackupAsync(target, default)).Missing.ShouldBeEmpty();
            await using var copy = await OpenedStore.OpenAsync(target, new ManualTime());
            (await copy.VerifyAsync(null, repair: false, default)).HasLoss.ShouldBeFalse();
        }

        await stop.CancelAsync();
        await traffic;
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        await opened.ReopenAsync();
        (await opened.Store.SweepOrphansAsync(paced: false, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Restoring_brings_back_what_is_gone_and_leaves_what_is_there()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        await opened.AppendAsync("INBOX", "Subject: one\n\nx", "\\Seen", "work");
        await opened.Mailbox.CreateFolderAsync("deep/er", default);
        await opened.AppendAsync("deep/er", "Subject: two\n\nx");
        await opened.AppendAsync("INBOX", "Subject: kept\n\nx");
        await opened.Store.BackupAsync(target, default);
        var inbox = await opened.SelectAsync();
        await opened.Mailbox.StoreFlagsAsync(inbox.Folder.Id, [new UidRange(1)], FlagChange.Add, new MessageFlags(SystemFlags.Deleted), null, default);
        await opened.Mailbox.ExpungeAsync(inbox.Folder.Id, [UidRange.All], default);
        await opened.Mailbox.DeleteFolderAsync("deep/er", default);
        await opened.AppendAsync("INBOX", "Subject: new\n\nx");
        var result = await opened.Store.RestoreMailboxAsync(target, "ann", default);
        (result.AccountMade, result.Restored, result.Present).ShouldBe((false, 2, 1));
        (await ReadAsync(opened.Store, "ann", "INBOX")).ShouldBe(["kept", "new", "one"]);
        (await ReadAsync(opened.Store, "ann", "deep/er")).ShouldBe(["two"]);
        (await opened.SelectAsync()).Rows[^1].Flags.ToString().ShouldBe("\\Seen work");
        (await opened.Store.RestoreMailboxAsync(target, "ann", default)).Restored.ShouldBe(0);
    }

    [Fact]
    public async Task A_deleted_person_comes_back_with_secrets_and_greetings()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        await opened.Store.SetPasswordAsync(opened.Account.Id, "correct horse", default);
        await opened.Store.SetGreetingAsync(opened.Account.Id, GreetingNames.Name, new byte[] { 1, 2, 3 }, default);
        await opened.AppendAsync("INBOX", "Subject: one\n\nx");
        await opened.Store.BackupAsync(target, default);
        await opened.Store.DeleteAccountAsync(opened.Account.Id, default);
        (await opened.Store.RestoreMailboxAsync(target, "ann", default)).AccountMade.ShouldBeTrue();
        var ann = (await opened.Store.VerifyPasswordAsync("ann", "correct horse", default))!;
        (await opened.Store.GetGreetingAsync(ann.Id, GreetingNames.Name, default))!.Value.ToArray().ShouldBe([1, 2, 3]);
        (await ReadAsync(opened.Store, "ann", "INBOX")).ShouldBe(["one"]);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_by_name()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var target = new TemporaryDirectory();
        (await Refusal(opened.Store.BackupAsync(opened.Directory.File("blobs"), default))).ShouldBe(MailboxFailure.BackupFailed);
        (await Refusal(opened.Store.RestoreMailboxAsync(target, "ann", default))).ShouldBe(MailboxFailure.BackupFailed);
        await opened.Store.BackupAsync(target, default);
        (await Refusal(opened.Store.RestoreMailboxAsync(target, "nobody", default))).ShouldBe(MailboxFailure.NoSuchAccount);
        File.WriteAllText(target.File("file"), "");
        (await Refusal(opened.Store.BackupAsync(target.File("file"), default))).ShouldBe(MailboxFailure.BackupFailed);
    }

    private static async Task<IEnumerable<string?>> ReadAsync(MailStore store, string user, string folder)
    {
        var mailbox = await store.OpenMailboxAsync((await store.FindAccountAsync(user, default))!.Id, default);
        var snapshot = await mailbox.OpenFolderAsync(folder, readOnly: true, default);
        return (await mailbox.ReadMessagesAsync(snapshot.Folder.Id, [UidRange.All], default)).Select(m => m.Envelope.Subject);
    }
}
