using System.Globalization;
using Postbell.Smtp;

namespace Postbell.Server.Metrics;

/// <summary>What happens at the doors that take mail.</summary>
internal static class SmtpMetrics
{
    public static void Write(PrometheusText text, SmtpStatistics smtp)
    {
        text.Single("um_smtp_connections", "gauge", "Open LMTP, SMTP and submission connections.", smtp.OpenConnections);
        text.Single("um_smtp_connections_total", "counter", "LMTP, SMTP and submission connections taken.", smtp.Connections);
        text.Single("um_smtp_connections_refused_total", "counter", "Connections turned away: too many, or not from a trusted peer.", smtp.RefusedConnections);
        text.Single("um_smtp_tls_failures_total", "counter", "TLS handshakes that failed, and commands found behind STARTTLS.", smtp.TlsFailures);
        text.Single("um_smtp_bare_line_ends_total", "counter", "Connections cut because a line ended with CR or LF alone (smuggling).", smtp.BareLineEnds);
        text.Single("um_smtp_delivered_total", "counter", "Messages put into mailboxes, each mailbox counted.", smtp.Delivered);
        text.Single("um_smtp_automatic_replies_total", "counter", "Automatic replies sent for people who are away.", smtp.AutomaticReplies);
        text.Single("um_smtp_message_bytes_total", "counter", "Bytes of messages taken.", smtp.MessageBytes);
        text.Family("um_smtp_logins_total", "counter", "Submission logins.");
        text.Sample("um_smtp_logins_total", smtp.Logins, ("result", "ok")).Sample("um_smtp_logins_total", smtp.LoginFailures, ("result", "refused"));
        text.Family("um_smtp_replies_total", "counter", "Replies by door, command and first digit of the code.");
        foreach (var count in smtp.Replies)
        {
            text.Sample(
                "um_smtp_replies_total", count.Count, ("door", count.Door.ToString().ToLowerInvariant()), ("command", count.Verb),
                ("code", count.Code.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
