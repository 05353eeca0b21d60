using Postbell.Core;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    /// <summary>Writes one step of a trace.</summary>
    public Task AppendLedgerAsync(TraceId trace, string stage, string detail, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>All steps of a trace in order.</summary>
    public Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId trace, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The last steps of the traces that moved last, newest trace first, one row (the latest) per trace.</summary>
    public Task<IReadOnlyList<LedgerRow>> RecentLedgerAsync(int count, CancellationToken ct) => throw new NotSupportedException();
}
