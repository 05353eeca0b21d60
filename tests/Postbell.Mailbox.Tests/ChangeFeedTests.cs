using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox.Changes;

namespace Postbell.Mailbox.Tests;

public sealed class ChangeFeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Changes_are_published_in_commit_order_after_they_can_be_read()
    {
        await using var opened = await OpenedStore.NewAsync();
        var seen = new ConcurrentQueue<(MailboxChange Change, bool Readable)>();
        using var subscription = opened.Store.Subscribe(change =>
        {
            var rows = Task.Run(() => opened.SelectAsync()).GetAwaiter().GetResult().Rows;
            seen.Enqueue((change, change.Uids.All(uid => rows.Any(r => r.Uid == uid)) || change.Kind == MailboxChangeKind.Expunged));
        });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => opened.AppendAsync("INBOX", OpenedStore.Voice()))));
        SpinWait.SpinUntil(() => seen.Count == 30, Patience).ShouldBeTrue();
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        SpinWait.SpinUntil(() => seen.Count == 32, Patience).ShouldBeTrue();

        var changes = seen.ToArray();
        changes.Select(c => c.Change.ModSeq).ShouldBeInOrder();
        changes.Select(c => c.Change.Kind).ShouldBe(
            Enumerable.Repeat(MailboxChangeKind.Added, 30).Append(MailboxChangeKind.FlagsChanged).Append(MailboxChangeKind.Expunged));
        changes.Take(30).ShouldAllBe(c => c.Readable);
        changes.ShouldAllBe(c => c.Change.AccountId == opened.Account.Id && c.Change.VoiceCountsMayHaveChanged);
    }

    [Fact]
    public async Task Only_voice_messages_concern_the_lamp()
    {
        await using var opened = await OpenedStore.NewAsync();
        var seen = new ConcurrentQueue<MailboxChange>();
        using var subscription = opened.Store.Subscribe(seen.Enqueue);
        await opened.AppendAsync("INBOX", "Subject: mail\n\nx");
        SpinWait.SpinUntil(() => !seen.IsEmpty, Patience).ShouldBeTrue();
        seen.ShouldHaveSingleItem().VoiceCountsMayHaveChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task An_observer_that_throws_or_hangs_disturbs_neither_writer_nor_others()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var hang = new ManualResetEventSlim();
        var count = 0;
        using var hanging = opened.Store.Subscribe(_ => hang.Wait());
        using var throwing = opened.Store.Subscribe(_ => throw new InvalidOperationException("observer"));
        using var good = opened.Store.Subscribe(_ => Interlocked.Increment(ref count));
        for (var i = 0; i < 5; i++)
        {
            await opened.AppendAsync("INBOX", "a: b\n\nx");
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref count) == 5, Patience).ShouldBeTrue();
        hang.Set();
    }

    [Fact]
    public async Task Nothing_comes_after_the_subscription_ended()
    {
        await using var opened = await OpenedStore.NewAsync();
        var (first, second) = (0, 0);
        var gone = opened.Store.Subscribe(_ => Interlocked.Increment(ref first));
        gone.Dispose();
        using var other = opened.Store.Subscribe(_ => Interlocked.Increment(ref second));
        await opened.AppendAsync("INBOX", "a: b\n\nx");
        SpinWait.SpinUntil(() => Volatile.Read(ref second) == 1, Patience).ShouldBeTrue();
        first.ShouldBe(0);
    }

    [Fact]
    public void An_observer_that_falls_too_far_behind_is_told_to_read_everything_again()
    {
        var feed = new ChangeFeed(capacity: 5, NullLogger.Instance);
        using var hold = new ManualResetEventSlim();
        var seen = new ConcurrentQueue<MailboxChange>();
        using var subscription = feed.Subscribe(change =>
        {
            hold.Wait();
            seen.Enqueue(change);
        });
        for (var i = 0; i < 100; i++)
        {
            feed.Publish([new MailboxChange(1, 1, MailboxChangeKind.Added, [], i, false)]);
        }

        hold.Set();
        SpinWait.SpinUntil(() => seen.Any(c => c.Kind == MailboxChangeKind.Overrun), Patience).ShouldBeTrue();
        seen.Count.ShouldBeLessThan(20);
        var known = seen.Count;
        feed.Publish([new MailboxChange(1, 1, MailboxChangeKind.Added, [], 1000, false)]);
        SpinWait.SpinUntil(() => seen.Count > known, Patience).ShouldBeTrue();
    }
}
