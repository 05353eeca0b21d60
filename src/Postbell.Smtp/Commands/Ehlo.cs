using System.Text;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>EHLO, RFC 5321 4.1.1.1, and LHLO, RFC 2033 4.1: says what is offered.</summary>
internal static class Ehlo
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (!Helo.TryName(arguments.Span, out var name))
        {
            return new(Helo.Refused);
        }

        session.Greet(name, extended: true);
        foreach (var extension in Extensions(session).Prepend(session.Services.Options.HostName))
        {
            session.Connection.WriteLine("250-" + extension);
        }

        return new(new Reply(250, "", "ENHANCEDSTATUSCODES"));
    }

    private static IEnumerable<string> Extensions(SmtpSession session)
    {
        yield return "PIPELINING";
        yield return $"SIZE {session.Limits.MessageBytes}";
        yield return "8BITMIME";
        yield return "SMTPUTF8";
        yield return "CHUNKING";
        if (session.Door == SmtpDoor.Submission || session.Services.Reports.ReachEverybody)
        {
            // Else the mail server before us keeps the duty to report (RFC 3461 section 5.2.2).
            yield return "DSN";
        }

        if (StartTls.IsOffered(session))
        {
            yield return "STARTTLS";
        }

        if (session is { Door: SmtpDoor.Submission, Account: null } && Auth.IsAllowed(session))
        {
            yield return "AUTH " + string.Join(' ', session.Services.Desk.Mechanisms(Auth.PeerOf(session)));
        }
    }
}
