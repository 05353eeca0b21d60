using System.Security.Cryptography;
using System.Text;
using Postbell.Core;

namespace Postbell.Smtp.Outbound;

/// <summary>Tells senders what became of their messages: each thing once, never the null sender, and only what they want to hear (RFC 3461).</summary>
internal sealed class OutboundReports(
    OutboundOptions options, OutboundStore store, IOutboundHome home, Func<TraceId, OutboundEnvelope, ReadOnlyMemory<byte>, CancellationToken, Task> send,
    OutboundCounters counters, TimeProvider time)
{
    /// <summary>Sends the reports that are due; returns the entry with note of them.</summary>
    public async Task<OutboundEntry> RunAsync(OutboundEntry entry, CancellationToken cancellation)
    {
        var failed = entry.Deliveries.Where(static d => d is { State: OutboundRecipientState.Failed, IsReported: false }).ToArray();
        await ReportAsync(entry, failed, ReportKind.Failed, DsnNotify.Failure, cancellation).ConfigureAwait(false);
        var relayed = entry.Deliveries.Where(static d => d is { State: OutboundRecipientState.Sent, IsReported: false, ReportsPassedOn: false }).ToArray();
        await ReportAsync(entry, relayed, ReportKind.Relayed, DsnNotify.Success, cancellation).ConfigureAwait(false);
        entry = entry.With(static d => d.State != OutboundRecipientState.Pending, static d => d with { IsReported = true });
        if (entry.IsDelayReported || time.GetUtcNow() - entry.QueuedAt < options.WarnAfter)
        {
            return entry;
        }

        await ReportAsync(entry, [.. entry.Pending], ReportKind.Delayed, DsnNotify.Delay, cancellation).ConfigureAwait(false);
        return entry with { IsDelayReported = true };
    }

    // A sender that said nothing hears of failure and delay (RFC 3461 section 4.1).
    private static bool Wants(DsnNotify notify, DsnNotify what) => notify == DsnNotify.Unspecified ? what != DsnNotify.Success : notify.HasFlag(what);

    private async Task ReportAsync(OutboundEntry entry, OutboundDelivery[] deliveries, ReportKind kind, DsnNotify what, CancellationToken cancellation)
    {
        var about = deliveries.Where(d => Wants(d.Recipient.Notify, what)).ToArray();
        if (about.Length == 0 || entry.Envelope.Sender.Length == 0)
        {
            return;
        }

        var id = IdOf(entry, about, kind);
        byte[] report;
        var content = store.OpenContent(entry.Id);
        await using (content.ConfigureAwait(false))
        {
            report = DeliveryReport.Write(id, entry, about, kind, content, options, time.GetUtcNow());
        }

        if (!await home.DeliverReportAsync(entry.Envelope.Sender, id.ToString(), report, cancellation).ConfigureAwait(false))
        {
            await send(id, new OutboundEnvelope { Sender = "", Recipients = [new OutboundRecipient(entry.Envelope.Sender)], Trace = id }, report, cancellation).ConfigureAwait(false);
        }

        counters.CountReport();
        await home.AppendLedgerAsync(TraceOf(entry), OutboundStage.Reported, $"{kind.ToString().ToLowerInvariant()}, to {entry.Envelope.Sender}", cancellation).ConfigureAwait(false);
    }

    /// <summary>The entry's id as the ledger has it.</summary>
    public static TraceId TraceOf(OutboundEntry entry) => TraceId.TryParse(entry.Id, out var id) ? id : default;

    // The same report has the same id after a crash, and is then not sent again.
    private static TraceId IdOf(OutboundEntry entry, OutboundDelivery[] about, ReportKind kind)
    {
        var name = $"{entry.Id} {kind} {string.Join(' ', about.Select(static d => d.Recipient.Address))}";
        return new TraceId(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)));
    }
}
