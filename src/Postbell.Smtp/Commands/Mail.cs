using Postbell.Core;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>MAIL, RFC 5321 4.1.1.2: who sends.</summary>
internal static class Mail
{
    public static ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (session is { Door: SmtpDoor.Submission, Account: null })
        {
            return new(new Reply(530, "5.7.0", "Sign in first"));
        }

        if (!MailRequest.TryParse(arguments.Span, out var request, out var failure))
        {
            return new(SmtpParseFailureText.Describe(failure));
        }

        if (request.Size > session.Limits.MessageBytes)
        {
            return new(new Reply(552, "5.3.4", $"A message has at most {session.Limits.MessageBytes} bytes"));
        }

        if (session.Door == SmtpDoor.Submission && !IsOwn(session, request.Sender))
        {
            return new(new Reply(553, "5.7.1", "The sender must be an address of your own"));
        }

        if (++session.Messages > session.Limits.MessagesPerConnection)
        {
            return new(session.Close(new Reply(421, "4.7.0", "Enough messages for one connection")));
        }

        session.Begin(new MailTransaction(request, TraceId.New(session.Services.Time)));
        return new(new Reply(250, "2.1.0", "Sender taken"));
    }

    // The null path is for automatic replies of mail programs, which go to nobody when they fail (RFC 3798 section 2).
    private static bool IsOwn(SmtpSession session, MailPath sender) =>
        sender.IsNull || session.Services.Addresses().Find(sender.LocalPart, sender.Domain)?.AccountId == session.Account!.Id;
}
