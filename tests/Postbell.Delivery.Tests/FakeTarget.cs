using System.Collections.Concurrent;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery.Tests;

/// <summary>A store in memory that fails on demand.</summary>
internal sealed class FakeTarget : IDeliveryTarget
{
    private readonly ConcurrentQueue<LedgerRow> _ledger = new();
    private int _working;

    public ConcurrentDictionary<TraceId, byte[]> Messages { get; } = new();

    /// <summary>Runs before each commit.</summary>
    public Func<MessageEnvelope, CancellationToken, Task> BeforeCommit { get; set; } = static (_, _) => Task.CompletedTask;

    public bool IsLedgerDown { get; set; }

    public int MostAtOnce { get; private set; }

    public async Task<CommitReceipt> CommitAsync(MessageEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _working));
        try
        {
            await BeforeCommit(envelope, cancellation);
            return new CommitReceipt("INBOX, UID 1", !Messages.TryAdd(envelope.Id, message.ToArray()));
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }

    public Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation)
    {
        if (IsLedgerDown)
        {
            return Task.FromException(new IOException("ledger down"));
        }

        _ledger.Enqueue(new LedgerRow(id, 0, default, stage, detail));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId id, CancellationToken cancellation) =>
        IsLedgerDown
            ? Task.FromException<IReadOnlyList<LedgerRow>>(new IOException("ledger down"))
            : Task.FromResult<IReadOnlyList<LedgerRow>>([.. _ledger.Where(r => r.TraceId == id)]);

    public string[] Stages(TraceId id) => [.. _ledger.Where(r => r.TraceId == id).Select(r => r.Stage)];

    public string Detail(TraceId id, string stage) => _ledger.Last(r => r.TraceId == id && r.Stage == stage).Detail;
}
