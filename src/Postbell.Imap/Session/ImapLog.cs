using Microsoft.Extensions.Logging;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Imap.Session;

/// <summary>Every log line of the IMAP door. None has bytes of a command, so none can hold a password.</summary>
internal static partial class ImapLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Debug, Message = "IMAP connection from {Remote}, encrypted {Encrypted}")]
    public static partial void Connected(this ILogger log, string remote, bool encrypted);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Debug, Message = "IMAP connection from {Remote} closed")]
    public static partial void Disconnected(this ILogger log, string remote);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "IMAP connection from {Remote} refused: too many connections")]
    public static partial void TooManyConnections(this ILogger log, string remote);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Information, Message = "IMAP login of {User} from {Remote}")]
    public static partial void LoggedIn(this ILogger log, string user, string remote);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Warning, Message = "IMAP login of \"{User}\" from {Remote} refused: {Verdict}")]
    public static partial void LoginRefused(this ILogger log, string user, string remote, SignInVerdict verdict);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Information, Message = "TLS handshake with {Remote} failed")]
    public static partial void TlsFailed(this ILogger log, string remote);

    [LoggerMessage(EventId = 5007, Level = LogLevel.Debug, Message = "The store refused {Command}: {Reason}")]
    public static partial void CommandRefused(this ILogger log, string command, MailboxFailure reason);

    [LoggerMessage(EventId = 5008, Level = LogLevel.Error, Message = "{Command} failed")]
    public static partial void CommandFailed(this ILogger log, string command, Exception fault);

    [LoggerMessage(EventId = 5009, Level = LogLevel.Error, Message = "IMAP connection from {Remote} ended by a fault")]
    public static partial void ConnectionFailed(this ILogger log, string remote, Exception fault);
}
