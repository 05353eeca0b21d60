using Postbell.Core;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_second_delivery_with_the_same_key_stores_nothing()
    {
        await using var opened = await OpenedStore.NewAsync();
        var first = await DeliverAsync(opened, "key");
        await opened.ReopenAsync();
        var second = await DeliverAsync(opened, "key");
        second.ShouldBe(first with { Duplicate = true });
        (await opened.SelectAsync()).Rows.Count.ShouldBe(1);
        MessageTests.BlobCount(opened).ShouldBe(1);
    }

    [Fact]
    public async Task A_late_second_delivery_does_not_bring_an_expunged_message_back()
    {
        await using var opened = await OpenedStore.NewAsync();
        await DeliverAsync(opened, "key");
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        (await DeliverAsync(opened, "key")).Duplicate.ShouldBeTrue();
        (await opened.SelectAsync()).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_belong_to_one_account()
    {
        await using var opened = await OpenedStore.NewAsync();
        var bo = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "Bo" }, default);
        await DeliverAsync(opened, "key");
        (await opened.Store.DeliverAsync(bo.Id, Delivery("key"), default)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task Concurrent_deliveries_of_one_key_store_one_message()
    {
        await using var opened = await OpenedStore.NewAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => DeliverAsync(opened, "same"))));
        results.Count(r => !r.Duplicate).ShouldBe(1);
        results.Select(r => r.Uid).Distinct().ShouldHaveSingleItem();
        (await opened.SelectAsync()).Rows.Count.ShouldBe(1);
        MessageTests.BlobCount(opened).ShouldBe(1);
        opened.Store.Statistics.Duplicates.ShouldBe(49);
    }

    [Fact]
    public async Task A_missing_folder_is_made_and_a_missing_account_refused()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.DeliverAsync(opened.Account.Id, Delivery("1") with { Folder = "Fax/New" }, default);
        (await opened.SelectAsync("Fax/New")).Rows.Count.ShouldBe(1);
        (await Refusal(opened.Store.DeliverAsync(99, Delivery("1"), default))).ShouldBe(MailboxFailure.NoSuchAccount);
        MessageTests.BlobCount(opened).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_writes_share_transactions()
    {
        await using var opened = await OpenedStore.NewAsync();
        var before = opened.Store.Statistics;
        // While the writer is held, everything else queues up behind it, as it does behind a slow disk.
        using var hold = new ManualResetEventSlim();
        var held = opened.Store.Writer.WriteAsync(
            _ =>
            {
                hold.Wait();
                return true;
            },
            default);
        var deliveries = Enumerable.Range(0, 200).Select(i => Task.Run(() => DeliverAsync(opened, "k" + i))).ToArray();
        var blobs = SpinWait.SpinUntil(() => MessageTests.BlobCount(opened) == 200, TimeSpan.FromSeconds(20));
        hold.Set();
        await held;
        var results = await Task.WhenAll(deliveries);

        blobs.ShouldBeTrue();
        results.Select(r => r.Uid).Order().ShouldBe(Enumerable.Range(1, 200).Select(i => (uint)i));
        var after = opened.Store.Statistics;
        (after.Writes - before.Writes).ShouldBe(201);
        (after.Transactions - before.Transactions).ShouldBeLessThan(40);
        (await opened.SelectAsync()).Rows.Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_write_that_is_refused_leaves_the_others_of_its_transaction_alone()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var hold = new ManualResetEventSlim();
        var held = opened.Store.Writer.WriteAsync(
            _ =>
            {
                hold.Wait();
                return true;
            },
            default);
        var good = opened.Mailbox.CreateFolderAsync("Good", default);
        var bad = opened.Mailbox.CreateFolderAsync("Sent", default);
        var alsoGood = opened.Mailbox.CreateFolderAsync("Also good", default);
        hold.Set();
        await held;
        (await good).Name.ShouldBe("Good");
        (await Refusal(bad)).ShouldBe(MailboxFailure.FolderExists);
        (await alsoGood).Name.ShouldBe("Also good");
        opened.Store.IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task Voice_messages_are_counted_by_state_and_urgency_outside_trash_and_junk()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Mailbox.CreateFolderAsync("Work/Calls", default);
        await opened.Mailbox.CreateFolderAsync("Trash/Old", default);
        await opened.AppendAsync("INBOX", OpenedStore.Voice());
        await opened.AppendAsync("INBOX", OpenedStore.Voice("high"));
        await opened.AppendAsync("INBOX", OpenedStore.Voice(), "\\Seen");
        await opened.AppendAsync("Work/Calls", OpenedStore.Voice("high"), "\\Seen", "kept");
        await opened.AppendAsync("INBOX", OpenedStore.Voice(), "\\Deleted");
        await opened.AppendAsync("INBOX", "Subject: mail\n\nx");
        await opened.AppendAsync("INBOX", "Content-Class: missedcall\n\nx");
        await opened.AppendAsync("Trash", OpenedStore.Voice());
        await opened.AppendAsync("Trash/Old", OpenedStore.Voice());
        await opened.AppendAsync("Junk", OpenedStore.Voice());
        (await opened.Store.CountVoiceAsync(opened.Account.Id, default)).ShouldBe(new VoiceCounts(2, 2, 1, 1));

        var inbox = (await opened.SelectAsync()).Folder.Id;
        await opened.Mailbox.StoreFlagsAsync(inbox, [UidRange.All], FlagChange.Add, MessageFlags.Parse(["\\Seen"]), null, default);
        (await opened.Store.CountVoiceAsync(opened.Account.Id, default)).ShouldBe(new VoiceCounts(0, 4, 0, 2));
    }

    [Fact]
    public async Task The_ledger_keeps_steps_in_order_and_knows_what_moved_last()
    {
        await using var opened = await OpenedStore.NewAsync();
        var (one, two) = (TraceId.New(opened.Time), TraceId.New(opened.Time));
        await opened.Store.AppendLedgerAsync(one, "answered", "call\r\nfrom 5", default);
        opened.Time.Advance(TimeSpan.FromSeconds(1));
        await opened.Store.AppendLedgerAsync(two, "answered", "", default);
        opened.Time.Advance(TimeSpan.FromSeconds(1));
        await opened.Store.AppendLedgerAsync(one, "recorded", "17 s", default);
        await opened.ReopenAsync();

        var rows = await opened.Store.ReadLedgerAsync(one, default);
        rows.Select(r => (r.Sequence, r.Stage, r.Detail)).ShouldBe([(1, "answered", "call from 5"), (2, "recorded", "17 s")]);
        rows[1].At.ShouldBe(opened.Time.GetUtcNow());
        (await opened.Store.RecentLedgerAsync(10, default)).Select(r => (r.TraceId, r.Stage)).ShouldBe([(one, "recorded"), (two, "answered")]);
        (await opened.Store.RecentLedgerAsync(1, default)).Count.ShouldBe(1);
        (await opened.Store.ReadLedgerAsync(TraceId.New(opened.Time), default)).ShouldBeEmpty();
    }

    internal static MailDelivery Delivery(string key) =>
        new() { Message = OpenedStore.Bytes($"Subject: {key}\nContent-Class: Voice-CA\n\n{key}\n"), IdempotencyKey = key };

    internal static Task<AppendResult> DeliverAsync(OpenedStore opened, string key) =>
        opened.Store.DeliverAsync(opened.Account.Id, Delivery(key), default);
}
