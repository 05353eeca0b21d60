using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Outbound;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>Tells senders who want to know it (NOTIFY=SUCCESS) that their message is in a mailbox of this server (RFC 3461 section 5.2.3).</summary>
internal sealed class SuccessReports(
    MailStore store, Func<AddressBook> addresses, IOutboundQueue? outbound, SmtpOptions options, TimeProvider time, ILogger log)
{
    private const int MaxHeader = 64 << 10;

    /// <summary>True when a sender elsewhere can be told: only then may others leave that duty to us.</summary>
    public bool ReachEverybody => outbound is not null;

    /// <summary>Reports what has just come to be in mailboxes; what was there before was reported then. A report that cannot be sent holds no message up.</summary>
    public async Task SendAsync(MailTransaction transaction, ReadOnlyMemory<byte> content, IReadOnlyDictionary<long, DeliveryOutcome> outcomes)
    {
        var about = transaction.Recipients
            .Where(r => r.Local is { } here && outcomes[here.AccountId] == DeliveryOutcome.Stored && r.Request.Notify.HasFlag(DsnNotify.Success))
            .Select(r => r.Request).DistinctBy(r => r.Recipient.Text, StringComparer.OrdinalIgnoreCase).ToArray();
        if (about.Length == 0 || transaction.Mail.Sender.IsNull)
        {
            return;
        }

        try
        {
            var id = IdOf(transaction.Trace);
            await SendAsync(transaction.Mail.Sender, id, Write(transaction, id, content, about));
            await store.AppendLedgerAsync(transaction.Trace, OutboundStage.Reported, $"delivered, to {transaction.Mail.Sender.Text}", CancellationToken.None);
        }
        catch (Exception failed) when (failed is OutboundRefusedException or MailboxException)
        {
            log.ReportFailed(transaction.Trace, failed);
        }
    }

    private async Task SendAsync(MailPath sender, TraceId id, byte[] report)
    {
        if (addresses().Find(sender.LocalPart, sender.Domain) is { } here)
        {
            await store.DeliverAsync(here.AccountId, new MailDelivery { Message = report, IdempotencyKey = $"report {id}" }, CancellationToken.None);
        }
        else if (outbound is not null)
        {
            await outbound.EnqueueAsync(new OutboundEnvelope { Sender = "", Recipients = [new OutboundRecipient(sender.Text)], Trace = id }, report, CancellationToken.None);
        }
    }

    private byte[] Write(MailTransaction transaction, TraceId id, ReadOnlyMemory<byte> content, RcptRequest[] about)
    {
        var now = time.GetUtcNow();
        var head = content[..Math.Min(content.Length, MaxHeader)].ToArray();
        var end = head.AsSpan().IndexOf("\r\n\r\n"u8);
        var entry = new OutboundEntry
        {
            Id = transaction.Trace.ToString(), QueuedAt = now, Size = content.Length, HasEightBitHeader = !Ascii.IsValid(end < 0 ? head : head.AsSpan(0, end)),
            Envelope = new OutboundEnvelope { Sender = transaction.Mail.Sender.Text, Recipients = [], EnvelopeId = transaction.Mail.EnvelopeId, Return = transaction.Mail.Return },
            Deliveries = [.. about.Select(r => new OutboundDelivery
            {
                Recipient = new OutboundRecipient(r.Recipient.Text, r.Notify, r.OriginalRecipient), State = OutboundRecipientState.Sent, Status = "2.0.0",
                LastAnswer = "In the mailbox", LastAttemptAt = now,
            })],
        };
        var who = new OutboundOptions { Directory = "", HostName = options.HostName, ReportAddress = options.ReportAddress };
        return DeliveryReport.Write(id, entry, entry.Deliveries, ReportKind.Delivered, new MemoryStream(head), who, now);
    }

    private static TraceId IdOf(TraceId trace) => new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{trace} delivered")).AsSpan(0, 16)));
}
