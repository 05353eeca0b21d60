using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Smtp.Session;

/// <summary>Every log line of the SMTP doors. None has bytes of a command, so none can hold a password.</summary>
internal static partial class SmtpLog
{
    [LoggerMessage(EventId = 5501, Level = LogLevel.Debug, Message = "{Door} connection from {Remote}")]
    public static partial void Connected(this ILogger log, SmtpDoor door, string remote);

    [LoggerMessage(EventId = 5502, Level = LogLevel.Warning, Message = "{Door} connection from {Remote} refused: {Why}")]
    public static partial void TurnedAway(this ILogger log, SmtpDoor door, string remote, string why);

    [LoggerMessage(EventId = 5503, Level = LogLevel.Information, Message = "Submission: {User} signed in from {Remote}")]
    public static partial void LoggedIn(this ILogger log, string user, string remote);

    [LoggerMessage(EventId = 5504, Level = LogLevel.Warning, Message = "Submission: login of \"{User}\" from {Remote} refused: {Verdict}")]
    public static partial void LoginRefused(this ILogger log, string user, string remote, SignInVerdict verdict);

    [LoggerMessage(EventId = 5505, Level = LogLevel.Information, Message = "{Door}: TLS handshake with {Remote} failed")]
    public static partial void TlsFailed(this ILogger log, SmtpDoor door, string remote);

    [LoggerMessage(EventId = 5506, Level = LogLevel.Information, Message = "Message {Trace} is in account {Account}, UID {Uid}, repeated {Repeated}")]
    public static partial void Delivered(this ILogger log, TraceId trace, long account, uint uid, bool repeated);

    [LoggerMessage(EventId = 5507, Level = LogLevel.Warning, Message = "Message {Trace} is not in account {Account}: {Reason}")]
    public static partial void DeliveryRefused(this ILogger log, TraceId trace, long account, MailboxFailure reason);

    [LoggerMessage(EventId = 5508, Level = LogLevel.Error, Message = "Message {Trace} could not be put into account {Account}")]
    public static partial void DeliveryFailed(this ILogger log, TraceId trace, long account, Exception fault);

    [LoggerMessage(EventId = 5509, Level = LogLevel.Warning, Message = "Message {Trace} from {Remote} refused: {Reply}")]
    public static partial void MessageRefused(this ILogger log, TraceId trace, string remote, string reply);

    [LoggerMessage(EventId = 5510, Level = LogLevel.Error, Message = "{Verb} failed")]
    public static partial void CommandFailed(this ILogger log, string verb, Exception fault);

    [LoggerMessage(EventId = 5511, Level = LogLevel.Error, Message = "{Door} connection from {Remote} ended by a fault")]
    public static partial void ConnectionFailed(this ILogger log, SmtpDoor door, string remote, Exception fault);

    [LoggerMessage(EventId = 5512, Level = LogLevel.Warning, Message = "{Door} connection from {Remote} cut: a line ended with CR or LF alone")]
    public static partial void Smuggling(this ILogger log, SmtpDoor door, string remote);

    [LoggerMessage(EventId = 5514, Level = LogLevel.Warning, Message = "The sender of message {Trace} could not be told that it was delivered")]
    public static partial void ReportFailed(this ILogger log, TraceId trace, Exception failed);

    [LoggerMessage(EventId = 5515, Level = LogLevel.Warning, Message = "A step of message {Trace} could not be written into the ledger")]
    public static partial void LedgerFailed(this ILogger log, TraceId trace, Exception failed);

    [LoggerMessage(EventId = 5513, Level = LogLevel.Information, Message = "Message {Trace} of account {Account} waits in the outbound queue as {Entry}")]
    public static partial void Queued(this ILogger log, TraceId trace, long account, string entry);
}
