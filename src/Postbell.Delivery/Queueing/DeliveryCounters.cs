using System.Collections.Concurrent;
using Postbell.Mailbox;

namespace Postbell.Delivery.Queueing;

internal sealed class DeliveryCounters
{
    private readonly ConcurrentDictionary<(MessageKind, DepositResult), long> _deposits = new();
    private readonly long[] _commit = new long[DeliveryStatistics.CommitBounds.Count + 1];
    private long _commitMicroseconds;
    private long _interrupted;
    private long _ledgerFailures;

    public void Count(MessageKind kind, DepositResult result) => _deposits.AddOrUpdate((kind, result), 1, static (_, n) => n + 1);

    public void CountInterrupted() => Interlocked.Increment(ref _interrupted);

    public void CountLedgerFailure() => Interlocked.Increment(ref _ledgerFailures);

    public void CountCommit(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < DeliveryStatistics.CommitBounds.Count && took.TotalSeconds > DeliveryStatistics.CommitBounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _commit[bucket]);
        Interlocked.Add(ref _commitMicroseconds, (long)took.TotalMicroseconds);
    }

    public DeliveryStatistics Snapshot(IReadOnlyCollection<QueuedMessage> queue, DateTimeOffset now, long substitutions) => new()
    {
        Deposits = new Dictionary<(MessageKind, DepositResult), long>(_deposits),
        CommitSeconds = [.. _commit],
        CommitSecondsSum = Volatile.Read(ref _commitMicroseconds) / 1e6,
        Interrupted = Volatile.Read(ref _interrupted),
        Queue = Enum.GetValues<QueueState>().ToDictionary(static s => s, s => queue.Count(m => m.State == s)),
        Oldest = queue.Count == 0 ? TimeSpan.Zero : now - queue.Min(static m => m.ReceivedAt),
        Mp3Substitutions = substitutions,
        LedgerFailures = Volatile.Read(ref _ledgerFailures),
    };
}
