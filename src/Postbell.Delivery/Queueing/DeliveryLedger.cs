using Microsoft.Extensions.Logging;

namespace Postbell.Delivery.Queueing;

/// <summary>
/// Writes the rows of one attempt: each stage once in the life of a message, in order, without waiting for one before the next is sent, so that the
/// store commits them together. A row that cannot be written is counted; it never holds the message up.
/// </summary>
internal sealed partial class DeliveryLedger(IDeliveryTarget target, DeliveryJob job, DeliveryCounters counters, ILogger log)
{
    private readonly List<Task> _rows = [];

    /// <summary>Learns which rows an earlier run wrote.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        if (job.Ledger is null && job.IsRecovered)
        {
            var rows = await target.ReadLedgerAsync(job.Id, cancellation).ConfigureAwait(false);
            job.Ledger = [.. rows.Select(static r => r.Stage)];
        }

        job.Ledger ??= [];
    }

    /// <summary>A stage that happens once.</summary>
    public void Reach(string stage, string detail)
    {
        job.Update(i => i with { Stage = stage });
        if (job.Ledger!.Add(stage))
        {
            Add(stage, detail);
        }
    }

    /// <summary>A row that may come again.</summary>
    public void Add(string stage, string detail) => _rows.Add(AppendAsync(stage, detail));

    public Task FlushAsync() => Task.WhenAll(_rows);

    private async Task AppendAsync(string stage, string detail)
    {
        try
        {
            await target.AppendLedgerAsync(job.Id, stage, detail, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            counters.CountLedgerFailure();
            LogFailure(log, stage, job.Id.ToString(), error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Ledger row {Stage} of {Id} could not be written")]
    private static partial void LogFailure(ILogger log, string stage, string id, Exception error);
}
