using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Postbell.Core;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>
/// Server transactions that only wait to absorb repetitions (timers J and L): what would be sent again, a tenth of what a living one weighs. All wait
/// equally long, so they end in the order they came and share one timer.
/// </summary>
/// <remarks>
/// Invariants: any thread may add and look up; only who holds the sweep flag takes from the queue. A transaction is here before it leaves the living ones.
/// </remarks>
internal sealed class FinishedTransactions(TimerWheel wheel, TimeSpan lifetime)
{
    private readonly ConcurrentDictionary<TransactionKey, FinishedTransaction> _finished = new();
    private readonly ConcurrentDictionary<MergeKey, FinishedTransaction> _merges = new();
    private readonly ConcurrentQueue<FinishedTransaction> _inOrder = new();
    private int _count;
    private int _sweeping;

    public int Count => Volatile.Read(ref _count);

    public bool TryFind(TransactionKey key, [NotNullWhen(true)] out FinishedTransaction? transaction) => _finished.TryGetValue(key, out transaction);

    public bool IsMerged(MergeKey key) => _merges.ContainsKey(key);

    /// <summary>Takes over what is left of a transaction.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="merge">Its second key, when it could come on two ways.</param>
    /// <param name="response">What a repetition gets; empty absorbs it in silence.</param>
    /// <param name="path">Where that goes.</param>
    public void Add(TransactionKey key, MergeKey? merge, ReadOnlyMemory<byte> response, ResponsePath path)
    {
        var transaction = new FinishedTransaction(key, merge, response, path, wheel.Time.GetTimestamp());
        if (!_finished.TryAdd(key, transaction))
        {
            return;
        }

        if (merge is { } second)
        {
            _merges.TryAdd(second, transaction);
        }

        Interlocked.Increment(ref _count);
        _inOrder.Enqueue(transaction);
        if (Interlocked.CompareExchange(ref _sweeping, 1, 0) == 0)
        {
            SweepIn(lifetime);
        }
    }

    private void SweepIn(TimeSpan due) => wheel.Schedule(due, static finished => ((FinishedTransactions)finished!).Sweep(), this);

    private void Sweep()
    {
        while (_inOrder.TryPeek(out var first))
        {
            var left = lifetime - wheel.Time.GetElapsedTime(first.FinishedAt);
            if (left > TimeSpan.Zero)
            {
                SweepIn(left);
                return;
            }

            _inOrder.TryDequeue(out _);
            Interlocked.Decrement(ref _count);
            _finished.TryRemove(KeyValuePair.Create(first.Key, first));
            if (first.Merge is { } merge)
            {
                _merges.TryRemove(KeyValuePair.Create(merge, first));
            }
        }

        Volatile.Write(ref _sweeping, 0);
        if (!_inOrder.IsEmpty && Interlocked.CompareExchange(ref _sweeping, 1, 0) == 0)
        {
            // One came in between.
            SweepIn(lifetime);
        }
    }
}

/// <summary>What is left of an answered request.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Merge">Its second key, when it could come on two ways.</param>
/// <param name="Response">What a repetition gets; empty absorbs it.</param>
/// <param name="Path">Where that goes.</param>
/// <param name="FinishedAt">Time stamp of its end.</param>
internal sealed record FinishedTransaction(TransactionKey Key, MergeKey? Merge, ReadOnlyMemory<byte> Response, ResponsePath Path, long FinishedAt);
