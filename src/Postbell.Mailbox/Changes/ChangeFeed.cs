using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Mailbox.Changes;

/// <summary>
/// Hands committed changes to observers. Every observer has a queue of its own: one that is slow or throws disturbs neither the writer nor the
/// others; one that falls too far behind loses changes and is told so.
/// </summary>
internal sealed partial class ChangeFeed(int capacity, ILogger log)
{
    private ImmutableArray<Subscription> _subscriptions = [];

    public IDisposable Subscribe(Action<MailboxChange> observer)
    {
        var subscription = new Subscription(this, observer);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Called in commit order, by the writer only.</summary>
    public void Publish(IReadOnlyList<MailboxChange> changes)
    {
        foreach (var subscription in _subscriptions)
        {
            foreach (var change in changes)
            {
                subscription.Enqueue(change);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "An observer of mailbox changes failed")]
    private static partial void LogObserverFailed(ILogger log, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "An observer of mailbox changes fell behind by {Count} and must read everything again")]
    private static partial void LogOverrun(ILogger log, int count);

    private sealed class Subscription : IDisposable
    {
        private static readonly MailboxChange Overrun = new(0, 0, MailboxChangeKind.Overrun, [], 0, VoiceCountsMayHaveChanged: true);

        private readonly ChangeFeed _feed;
        private readonly Action<MailboxChange> _observer;
        private readonly SerialExecutor _executor;
        private int _waiting;
        private int _overrun;
        private volatile bool _disposed;

        public Subscription(ChangeFeed feed, Action<MailboxChange> observer)
        {
            _feed = feed;
            _observer = observer;
            _executor = new SerialExecutor(fault => LogObserverFailed(feed.Log, fault));
        }

        public void Enqueue(MailboxChange change)
        {
            if (Interlocked.Increment(ref _waiting) <= _feed.Capacity)
            {
                _executor.Post(() => Deliver(change));
                return;
            }

            Interlocked.Decrement(ref _waiting);
            if (Interlocked.Exchange(ref _overrun, 1) == 0)
            {
                LogOverrun(_feed.Log, _feed.Capacity);
                _executor.Post(DeliverOverrun);
            }
        }

        public void Dispose()
        {
            _disposed = true;
            ImmutableInterlocked.Update(ref _feed._subscriptions, static (all, gone) => all.Remove(gone), this);
        }

        private void Deliver(MailboxChange change)
        {
            Interlocked.Decrement(ref _waiting);
            if (!_disposed)
            {
                _observer(change);
            }
        }

        // What is dropped after this point raises the next overrun, so whatever was dropped is followed by one.
        private void DeliverOverrun()
        {
            Volatile.Write(ref _overrun, 0);
            if (!_disposed)
            {
                _observer(Overrun);
            }
        }
    }

    private int Capacity => capacity;

    private ILogger Log => log;
}
