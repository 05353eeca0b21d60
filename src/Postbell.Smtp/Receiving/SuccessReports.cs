using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Smtp.Outbound;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>Tells senders who want to know it (NOTIFY=SUCCESS) that their message is in a mailbox of this server (RFC 3461 section 5.2.3).</summary>
internal sealed class SuccessReports(MailStore store, ReturnMail back, SmtpOptions options, TimeProvider time, ILogger log)
{
    private const int MaxHeader = 64 << 10;

    /// <summary>True when a sender elsewhere can be told: only then may others leave that duty to us.</summary>
    public bool ReachEverybody => back.ReachesEverybody;

    /// <summary>Reports what has just come to be in mailboxes; what was there before was reported then. A report that cannot be sent holds no message up.</summary>
    public async Task SendAsync(MailTransaction transaction, ReadOnlyMemory<byte> content, IReadOnlyDictionary<long, DeliveryOutcome> outcomes)
    {
        var about = transaction.Recipients
            // Of a group it is said once that the group has it (RFC 3461 section 5.2.7.2).
            .Where(r => r.People.Any(p => outcomes[p.AccountId] == DeliveryOutcome.Stored) && r.Request.Notify.HasFlag(DsnNotify.Success))
            .Select(r => r.Request).DistinctBy(r => r.Recipient.Text, StringComparer.OrdinalIgnoreCase).ToArray();
        if (about.Length == 0 || transaction.Mail.Sender.IsNull)
        {
            return;
        }

        try
        {
            var id = IdOf(transaction.Trace);
            await back.SendAsync(transaction.Mail.Sender, id, Write(transaction, id, content, about));
            await store.AppendLedgerAsync(transaction.Trace, OutboundStage.Reported, $"delivered, to {transaction.Mail.Sender.Text}", CancellationToken.None);
        }
        catch (Exception failed) when (failed is OutboundRefusedException or MailboxException)
        {
            log.ReportFailed(transaction.Trace, failed);
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
