using System.Text;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>What is put before a message: Return-Path, Received, and what a submitted one lacks (RFC 6409 section 8).</summary>
internal static class MessageHeaders
{
    /// <summary>An empty message that gets its headers when its own are there.</summary>
    public static IncomingMessage NewMessage(SmtpSession session, MailTransaction transaction) => new(
        session.Services.Options.IncomingDirectory,
        session.Limits.MemoryBytes,
        session.Limits.MessageBytes,
        start => Encoding.UTF8.GetBytes(Write(session, transaction, MessageHead.Read(start.Span))));

    private static string Write(SmtpSession session, MailTransaction transaction, MessageHead head)
    {
        transaction.Head = head;
        var now = session.Services.Time.GetUtcNow();
        var host = session.Services.Options.HostName;
        var staysHere = !transaction.Recipients.Exists(static r => r.IsElsewhere);
        var only = transaction.Recipients is [var one] ? one.Request.Recipient.Text : null;
        var text = TraceHeader.Write(
            staysHere ? transaction.Mail.Sender.Text : null, session.Greeting, session.Connection.Remote, host, Protocol(session, transaction), transaction.Trace, only, now);
        if (session.Door != SmtpDoor.Submission)
        {
            return text;
        }

        return text
            + (head.HasDate ? "" : $"Date: {TraceHeader.Date(now)}\r\n")
            + (head.HasMessageId ? "" : $"Message-ID: <{transaction.Trace}@{host}>\r\n")
            + (head.HasFrom ? "" : $"From: <{transaction.Mail.Sender.Text}>\r\n");
    }

    // RFC 3848 and RFC 6531 section 4.3.
    private static string Protocol(SmtpSession session, MailTransaction transaction)
    {
        var lmtp = session.Door == SmtpDoor.Lmtp;
        var kind = transaction.Mail.Utf8 ? (lmtp ? "UTF8LMTP" : "UTF8SMTP") : lmtp ? "LMTP" : session.IsExtended ? "ESMTP" : "SMTP";
        return kind + (session.Connection.IsEncrypted ? "S" : "") + (session.Account is not null ? "A" : "");
    }
}
