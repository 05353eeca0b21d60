using System.Text;
using Postbell.Core;
using Postbell.Mime;
using Postbell.Mime.Composing;

namespace Postbell.Smtp.Outbound;

/// <summary>Writes the report to a sender what became of a message (RFC 3464): text for people, fields for programs, the message or its header.</summary>
internal static class DeliveryReport
{
    // More of a message than this is not sent back, whatever RET says.
    private const int MaxReturned = 1 << 20;
    private const int MaxHeader = 64 << 10;

    /// <summary>Writes one.</summary>
    /// <param name="id">Id of the report; makes its Message-ID.</param>
    /// <param name="entry">The message.</param>
    /// <param name="about">The recipients it speaks of.</param>
    /// <param name="kind">What it says of them.</param>
    /// <param name="content">The content of the message, from its beginning.</param>
    /// <param name="options">Who we are.</param>
    /// <param name="now">The date.</param>
    public static byte[] Write(
        TraceId id, OutboundEntry entry, IReadOnlyList<OutboundDelivery> about, ReportKind kind, Stream content, OutboundOptions options, DateTimeOffset now)
    {
        var isWhole = kind == ReportKind.Failed && entry.Envelope.Return == DsnReturn.Full && entry.Size <= MaxReturned;
        var returned = Read(content, isWhole ? MaxReturned : MaxHeader);
        var report = OutgoingPart.Report(
            "delivery-status",
            OutgoingPart.Text(Explain(entry, about, kind, options)),
            OutgoingPart.Verbatim("message/delivery-status", Encoding.UTF8.GetBytes(Fields(entry, about, kind, options))),
            isWhole ? OutgoingPart.Verbatim(entry.HasEightBitHeader ? "message/global" : "message/rfc822", returned) : Header(returned, entry.HasEightBitHeader));
        return new OutgoingMessage(id.ToString(), report)
            .AddDate("Date", now)
            .AddAddresses("From", Address(options.ReportAddress, "Mail Delivery System"))
            .AddAddresses("To", Address(entry.Envelope.Sender, null))
            .AddText("Subject", Subject(kind))
            .AddText("Message-ID", $"<{id}@{options.HostName}>")
            .AddText("Auto-Submitted", "auto-replied")
            .ToBytes();
    }

    private static MimeAddress Address(string address, string? name)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? new MimeAddress(name, address, "") : new MimeAddress(name, address[..at], address[(at + 1)..]);
    }

    private static string Subject(ReportKind kind) => kind switch
    {
        ReportKind.Failed => "Your message could not be delivered",
        ReportKind.Delayed => "Your message is delayed",
        ReportKind.Delivered => "Your message was delivered",
        _ => "Your message was handed on",
    };

    private static string Explain(OutboundEntry entry, IReadOnlyList<OutboundDelivery> about, ReportKind kind, OutboundOptions options)
    {
        var text = new StringBuilder($"This is the mail server {options.HostName}.\r\n\r\n").Append(kind switch
        {
            ReportKind.Failed => "Your message could not be delivered to these recipients, and will not be tried again:\r\n\r\n",
            ReportKind.Delayed => $"Your message waits since {MailDate.Format(entry.QueuedAt)}. It is still being tried, until {MailDate.Format(entry.QueuedAt + options.GiveUpAfter)}; "
                + "you need not send it again:\r\n\r\n",
            ReportKind.Delivered => "Your message is in the mailboxes of these recipients:\r\n\r\n",
            _ => "Your message was taken by a mail server that will not report when it arrives:\r\n\r\n",
        });
        foreach (var delivery in about)
        {
            text.Append(DisplayText.Clean(delivery.Recipient.Address, 256)).Append("\r\n    ").Append(DisplayText.Clean(delivery.LastAnswer, 512)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Fields(OutboundEntry entry, IReadOnlyList<OutboundDelivery> about, ReportKind kind, OutboundOptions options)
    {
        var fields = new StringBuilder();
        if (entry.Envelope.EnvelopeId is { } id)
        {
            Add(fields, "Original-Envelope-Id", Client.SmtpText.ToXText(id));
        }

        Add(fields, "Reporting-MTA", "dns; " + options.HostName);
        Add(fields, "Arrival-Date", MailDate.Format(entry.QueuedAt));
        foreach (var delivery in about)
        {
            fields.Append("\r\n");
            AddRecipient(fields, entry, delivery, kind, options);
        }

        return fields.ToString();
    }

    private static void AddRecipient(StringBuilder fields, OutboundEntry entry, OutboundDelivery delivery, ReportKind kind, OutboundOptions options)
    {
        if (delivery.Recipient.OriginalRecipient is { } original)
        {
            Add(fields, "Original-Recipient", original);
        }

        Add(fields, "Final-Recipient", (Client.SmtpText.IsAscii(delivery.Recipient.Address) ? "rfc822; " : "utf-8; ") + delivery.Recipient.Address);
        Add(fields, "Action", kind.ToString().ToLowerInvariant());
        Add(fields, "Status", delivery.Status);
        if (delivery.IsServersWord)
        {
            Add(fields, "Remote-MTA", "dns; " + HostOf(delivery.Server));
            Add(fields, "Diagnostic-Code", "smtp; " + delivery.LastAnswer);
        }

        if (delivery.LastAttemptAt is { } at)
        {
            Add(fields, "Last-Attempt-Date", MailDate.Format(at));
        }

        if (kind == ReportKind.Delayed)
        {
            Add(fields, "Will-Retry-Until", MailDate.Format(entry.QueuedAt + options.GiveUpAfter));
        }
    }

    private static string HostOf(string server) => server.LastIndexOf(':') is > 0 and var colon ? server[..colon] : server;

    // What strangers said becomes one clean line: nothing in it can begin a field of its own.
    private static void Add(StringBuilder fields, string name, string value) =>
        fields.Append(name).Append(": ").Append(DisplayText.Clean(value, 700)).Append("\r\n");

    private static OutgoingPart Header(ReadOnlyMemory<byte> beginning, bool isEightBit)
    {
        var end = beginning.Span.IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? beginning : beginning[..(end + 2)];
        return OutgoingPart.Verbatim(isEightBit ? "message/global-headers" : "text/rfc822-headers", header);
    }

    private static byte[] Read(Stream content, int limit)
    {
        var bytes = new byte[limit];
        return bytes[..content.ReadAtLeast(bytes, limit, throwOnEndOfStream: false)];
    }
}
