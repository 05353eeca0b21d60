using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests;

/// <summary>What is kept how long: removed messages, rules by folder and kind, legal hold, logs.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly UidRange[] All = [UidRange.All];

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private MailboxRetention _retention = new() { DeletedItemRetention = TimeSpan.FromDays(14) };
    private MailStore _store = null!;
    private MailboxView _mailbox = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = _directory, PasswordIterations = 1, RetentionOf = _ => _retention, ExpungedLogLength = 5, IndexText = false },
            _time, NullLoggerFactory.Instance, default);
        _mailbox = await _store.OpenMailboxAsync((await _store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default)).Id, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_was_removed_comes_back_with_flags_date_and_identity_into_a_folder_that_is_gone()
    {
        await _mailbox.CreateFolderAsync("deep/er", default);
        await AppendAsync("deep/er", "one", "\\Seen", "work");
        var before = (await ReadAsync("deep/er")).Single();
        await _mailbox.DeleteFolderAsync("deep/er", default);
        var removed = (await _mailbox.ListRemovedAsync(default, 100, default)).Single();
        (removed.Folder, removed.Envelope.Subject, removed.Flags.ToString()).ShouldBe(("deep/er", "one", "\\Seen work"));
        (await _mailbox.UndeleteAsync([removed.Id, 999], default)).ShouldBe([new UndeletedMessage(removed.Id, "deep/er", 1)]);
        var after = (await ReadAsync("deep/er")).Single();
        (after.EmailId, after.Flags, after.InternalDate).ShouldBe((before.EmailId, before.Flags, before.InternalDate));
        (await _mailbox.ReadContentAsync(after, default)).Length.ShouldBe((int)before.Size);
        (await _mailbox.ListRemovedAsync(default, 100, default)).ShouldBeEmpty();
        (await _mailbox.ReadUsageAsync(default)).Messages.ShouldBe(1);
    }

    [Fact]
    public async Task Removed_messages_take_no_quota_and_go_for_good_after_their_time()
    {
        await AppendAsync("INBOX", "one");
        await RemoveAllAsync("INBOX");
        (await _mailbox.ReadUsageAsync(default)).Octets.ShouldBe(0);
        _time.Advance(TimeSpan.FromDays(13));
        (await _store.ApplyRetentionAsync(default)).Purged.ShouldBe(0);
        Blobs().ShouldBe(1);
        _time.Advance(TimeSpan.FromDays(1));
        (await _store.ApplyRetentionAsync(default)).Purged.ShouldBe(1);
        SpinWait.SpinUntil(() => Blobs() == 0, TimeSpan.FromSeconds(10)).ShouldBeTrue();
        (await _store.CountRemovedAsync(_mailbox.AccountId, default)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_content_stays_as_long_as_a_copy_or_a_removed_message_holds_it()
    {
        await AppendAsync("INBOX", "one");
        await _mailbox.CopyAsync((await FolderAsync("INBOX")).Id, All, "Archive", default);
        await RemoveAllAsync("INBOX");
        await RemoveAllAsync("Archive");
        (await _store.CountRemovedAsync(_mailbox.AccountId, default)).Messages.ShouldBe(2);
        await _mailbox.UndeleteAsync([(await _mailbox.ListRemovedAsync(default, 1, default)).Single().Id], default);
        _time.Advance(TimeSpan.FromDays(15));
        (await _store.ApplyRetentionAsync(default)).Purged.ShouldBe(1);
        (await _mailbox.ReadContentAsync((await ReadAsync("Archive")).Single(), default)).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Moving_keeps_nothing_behind_and_drafts_are_kept_only_on_hold()
    {
        await AppendAsync("INBOX", "one");
        await AppendAsync("Drafts", "draft", "\\Draft");
        await _mailbox.MoveAsync((await FolderAsync("INBOX")).Id, All, "Archive", default);
        await RemoveAllAsync("Drafts");
        (await _mailbox.ListRemovedAsync(default, 100, default)).ShouldBeEmpty();
        await _store.SetHoldAsync(_mailbox.AccountId, held: true, default);
        await AppendAsync("Drafts", "draft", "\\Draft");
        await RemoveAllAsync("Drafts");
        (await _mailbox.ListRemovedAsync(default, 100, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task On_hold_nothing_goes_for_good_however_old_and_the_account_stays()
    {
        _retention = new MailboxRetention { DeletedItemRetention = TimeSpan.FromDays(1), Rules = [new RetentionRule(null, null, TimeSpan.FromDays(30))] };
        await AppendAsync("INBOX", "removed before");
        await RemoveAllAsync("INBOX");
        await AppendAsync("INBOX", "too old");
        await _store.SetHoldAsync(_mailbox.AccountId, held: true, default);
        (await _store.FindAccountAsync("ann", default))!.HeldSince.ShouldBe(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromDays(400));
        (await _store.ApplyRetentionAsync(default)).ShouldBe(new RetentionResult(1, 0));
        _retention = MailboxRetention.None;
        (await _store.ApplyRetentionAsync(default)).Purged.ShouldBe(0);
        (await _store.CountRemovedAsync(_mailbox.AccountId, default)).Messages.ShouldBe(2);
        (await Refusal(_store.DeleteAccountAsync(_mailbox.AccountId, default))).ShouldBe(MailboxFailure.OnHold);
        await _store.SetHoldAsync(_mailbox.AccountId, held: false, default);
        (await _store.ApplyRetentionAsync(default)).Purged.ShouldBe(2);
        await _store.DeleteAccountAsync(_mailbox.AccountId, default);
    }

    [Fact]
    public async Task The_first_rule_that_fits_folder_and_kind_decides()
    {
        _retention = new MailboxRetention
        {
            Rules =
            [
                new RetentionRule("Archive", null, null), new RetentionRule("Trash", null, TimeSpan.FromDays(7)), new RetentionRule(null, MessageKind.Voice, TimeSpan.FromDays(30)),
                new RetentionRule(null, MessageKind.MissedCall, TimeSpan.FromDays(2)),
            ],
        };
        await _mailbox.CreateFolderAsync("Archive/2026", default);
        foreach (var folder in new[] { "INBOX", "Archive/2026" })
        {
            await AppendAsync(folder, "mail");
            await _mailbox.AppendAsync(folder, [new NewMessage { Message = OpenedStore.Bytes(OpenedStore.Voice()) }], default);
            await _mailbox.AppendAsync(folder, [new NewMessage { Message = OpenedStore.Bytes("Content-Class: missedcall\nSubject: missed\n\nx") }], default);
        }

        _time.Advance(TimeSpan.FromDays(3));
        await AppendAsync("Trash", "thrown away");
        (await _store.ApplyRetentionAsync(default)).Removed.ShouldBe(1);
        (await ReadAsync("INBOX")).Select(m => m.Kind).ShouldBe([MessageKind.Mail, MessageKind.Voice]);
        _time.Advance(TimeSpan.FromDays(6));
        (await ReadAsync("Trash")).Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromDays(30));
        await _store.ApplyRetentionAsync(default);
        (await ReadAsync("INBOX")).Select(m => m.Kind).ShouldBe([MessageKind.Mail]);
        (await ReadAsync("Trash")).ShouldBeEmpty();
        (await ReadAsync("Archive/2026")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_rule_reaches_every_message_of_a_large_folder()
    {
        _retention = new MailboxRetention { Rules = [new RetentionRule("INBOX", null, TimeSpan.FromDays(1))] };
        await _mailbox.AppendAsync("INBOX", [.. Enumerable.Range(0, 450).Select(i => new NewMessage { Message = OpenedStore.Bytes($"Subject: {i}\n\nx") })], default);
        _time.Advance(TimeSpan.FromDays(1));
        (await _store.ApplyRetentionAsync(default)).Removed.ShouldBe(450);
    }

    [Fact]
    public async Task A_pruned_log_of_expunged_messages_makes_a_client_compare_and_never_lie()
    {
        var inbox = (await FolderAsync("INBOX")).Id;
        for (var i = 0; i < 12; i++)
        {
            await AppendAsync("INBOX", "x");
            await RemoveAllAsync("INBOX");
        }

        await AppendAsync("INBOX", "stays");
        await _store.PruneAsync(default);
        var old = await _mailbox.ReadVanishedAsync(inbox, 1, All, default);
        (old.IsExact, old.Uids.SelectMany(r => r.Each()).Count()).ShouldBe((false, 12));
        var changes = await _mailbox.ReadChangesAsync(inbox, 1, default);
        changes.Vanished.Count.ShouldBe(12);
        // Who was away shortly still gets exactly what is gone.
        var recent = await _mailbox.ReadVanishedAsync(inbox, old.HighestModSeq - 3, All, default);
        recent.IsExact.ShouldBeTrue();
        recent.Uids.SelectMany(r => r.Each()).ShouldBe([12u]);
        (await _store.Readers.ReadAsync(sql => sql.Number("SELECT count(*) FROM expunged"), default)).ShouldBe(5);
    }

    [Fact]
    public async Task Delivery_keys_and_ledgers_go_after_their_time()
    {
        var trace = Core.TraceId.New(_time);
        await _store.AppendLedgerAsync(trace, "received", "", default);
        await _store.DeliverAsync(_mailbox.AccountId, DeliveryTests.Delivery("1"), default);
        _time.Advance(TimeSpan.FromDays(89));
        await _store.PruneAsync(default);
        (await _store.DeliverAsync(_mailbox.AccountId, DeliveryTests.Delivery("1"), default)).Duplicate.ShouldBeTrue();
        (await _store.ReadLedgerAsync(trace, default)).Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromDays(2));
        await _store.PruneAsync(default);
        (await _store.ReadLedgerAsync(trace, default)).ShouldBeEmpty();
        (await _store.DeliverAsync(_mailbox.AccountId, DeliveryTests.Delivery("1"), default)).Duplicate.ShouldBeFalse();
    }

    private async Task<MailFolder> FolderAsync(string name) => (await _mailbox.FindFolderAsync(name, default))!;

    private async Task AppendAsync(string folder, string subject, params string[] flags) => await _mailbox.AppendAsync(
        folder, [new NewMessage { Message = OpenedStore.Bytes($"Subject: {subject}\n\nx"), Flags = MessageFlags.Parse(flags) }], default);

    private async Task<IReadOnlyList<StoredMessage>> ReadAsync(string folder) => await _mailbox.ReadMessagesAsync((await FolderAsync(folder)).Id, All, default);

    private async Task RemoveAllAsync(string folder)
    {
        var id = (await FolderAsync(folder)).Id;
        await _mailbox.StoreFlagsAsync(id, All, FlagChange.Add, MessageFlags.Parse(["\\Deleted"]), null, default);
        await _mailbox.ExpungeAsync(id, All, default);
    }

    private int Blobs() => Directory.EnumerateFiles(_directory.File("blobs"), "*", SearchOption.AllDirectories).Count();
}
