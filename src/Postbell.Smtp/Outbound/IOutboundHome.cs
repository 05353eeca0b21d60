using Postbell.Core;

namespace Postbell.Smtp.Outbound;

/// <summary>What the queue needs of the server it runs in.</summary>
public interface IOutboundHome
{
    /// <summary>Writes a row of a message's ledger.</summary>
    Task AppendLedgerAsync(TraceId id, string stage, string detail, CancellationToken cancellation);

    /// <summary>Puts a report into the mailbox of a person of this server, once for each key. False when nobody here has the address.</summary>
    Task<bool> DeliverReportAsync(string address, string key, ReadOnlyMemory<byte> report, CancellationToken cancellation);
}
