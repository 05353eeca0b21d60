using System.Text;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability;

/// <summary>A page of the database that cannot be read is the trouble of those whose rows lie there, and of nobody else.</summary>
public sealed class DamagedPageTests
{
    private const int Messages = 300;
    private const int PageSize = 4096;

    [Fact]
    public async Task Other_mailboxes_are_read_and_written_as_before()
    {
        using var directory = new TemporaryDirectory();
        await FillAsync(directory);
        DamagePage(Path.Combine(directory, "postbell.db"), "ofbo", spared: "ofann");
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        var (ann, bo) = (await MailboxAsync(store, "ann"), await MailboxAsync(store, "bo"));
        (await FolderTests.Refusal(bo.OpenFolderAsync("INBOX", readOnly: true, default))).ShouldBe(MailboxFailure.DatabaseDamaged);
        (await ann.OpenFolderAsync("INBOX", readOnly: true, default)).Rows.Count.ShouldBe(Messages);

        // Also when both wait for the same transaction.
        using var hold = new ManualResetEventSlim();
        var held = store.Writer.WriteAsync(
            _ =>
            {
                hold.Wait();
                return true;
            },
            default);
        var inbox = (await ann.FindFolderAsync("INBOX", default))!.Id;
        var bad = bo.StoreFlagsAsync((await bo.FindFolderAsync("INBOX", default))!.Id, [UidRange.All], FlagChange.Add, new MessageFlags(SystemFlags.Seen), null, default);
        var good = ann.StoreFlagsAsync(inbox, [UidRange.All], FlagChange.Add, new MessageFlags(SystemFlags.Seen), null, default);
        var delivery = store.DeliverAsync(ann.AccountId, DeliveryTests.Delivery("1"), default);
        hold.Set();
        await held;
        (await FolderTests.Refusal(bad)).ShouldBe(MailboxFailure.DatabaseDamaged);
        (await good).Changed.Count.ShouldBe(Messages);
        (await delivery).Uid.ShouldBe(Messages + 1u);

        store.IsHealthy.ShouldBeTrue(store.Fault);
        (await store.ReadConditionAsync(default)).DatabaseDamage.ShouldNotBeNull();
        (await ann.OpenFolderAsync("INBOX", readOnly: true, default)).Rows.Count(r => r.Flags.Has(SystemFlags.Seen)).ShouldBe(Messages);
    }

    [Fact]
    public async Task The_background_finds_damage_nobody_has_met_yet()
    {
        using var directory = new TemporaryDirectory();
        await FillAsync(directory);
        DamagePage(Path.Combine(directory, "postbell.db"), "ofbo", spared: "ofann");
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        (await store.ReadConditionAsync(default)).DatabaseDamage.ShouldBeNull();
        await store.ScrubAsync(paced: false, default);
        (await store.ReadConditionAsync(default)).DatabaseDamage!.ShouldContain("messages");
    }

    [Fact]
    public async Task What_a_torn_write_left_behind_the_last_commit_is_not_read()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: kept\n\nx");
        var (database, log) = (opened.Directory.File("postbell.db"), opened.Directory.File("postbell.db-wal"));
        // As it is on the disk at this instant: without the end of the process.
        using var crashed = new TemporaryDirectory();
        foreach (var file in new[] { database, log })
        {
            File.Copy(file, crashed.File(Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(crashed.File("blobs"), opened.Directory.File("blobs"));
        var whole = File.ReadAllBytes(log);
        // Half a page of the next transaction reached the disk.
        File.AppendAllBytes(crashed.File("postbell.db-wal"), whole.AsSpan(32, 24 + 2000).ToArray());
        await using var store = await OpenedStore.OpenAsync(crashed, new ManualTime());
        var mailbox = await MailboxAsync(store, "ann");
        var messages = await mailbox.ReadMessagesAsync((await mailbox.FindFolderAsync("INBOX", default))!.Id, [UidRange.All], default);
        messages.Select(m => m.Envelope.Subject).ShouldBe(["kept"]);
        (await store.VerifyAsync(null, repair: false, default)).IsSound.ShouldBeTrue();
    }

    private static async Task FillAsync(string directory)
    {
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        foreach (var user in new[] { "ann", "bo" })
        {
            var account = await store.CreateAccountAsync(new NewAccount { UserName = user, DisplayName = user }, default);
            var mailbox = await store.OpenMailboxAsync(account.Id, default);
            var flags = MessageFlags.Parse([$"of{user}{new string('x', 60)}"]);
            await mailbox.AppendAsync("INBOX", [.. Enumerable.Range(0, Messages).Select(i => new NewMessage { Message = OpenedStore.Bytes($"a: {i}\n\nx"), Flags = flags })], default);
        }
    }

    private static async Task<MailboxView> MailboxAsync(MailStore store, string user) =>
        await store.OpenMailboxAsync((await store.FindAccountAsync(user, default))!.Id, default);

    /// <summary>Makes nonsense of a page that holds rows of one account only.</summary>
    private static void DamagePage(string database, string marker, string spared)
    {
        var bytes = File.ReadAllBytes(database);
        for (var page = 2 * PageSize; page < bytes.Length; page += PageSize)
        {
            var content = bytes.AsSpan(page, PageSize);
            if (content.IndexOf(Encoding.ASCII.GetBytes(marker)) >= 0 && content.IndexOf(Encoding.ASCII.GetBytes(spared)) < 0)
            {
                content[..200].Fill(0xEE);
                File.WriteAllBytes(database, bytes);
                return;
            }
        }

        throw new InvalidOperationException("no such page");
    }
}
