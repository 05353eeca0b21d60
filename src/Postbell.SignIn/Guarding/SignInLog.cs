using Microsoft.Extensions.Logging;
using Postbell.Mailbox;

namespace Postbell.SignIn.Guarding;

/// <summary>Log lines of the guard. None has a secret.</summary>
internal static partial class SignInLog
{
    // For fail2ban and the like: the wording stays.
    [LoggerMessage(EventId = 5601, Level = LogLevel.Warning, Message = "Security: source {Source} may not sign in until {Until:u}: too many refused sign-ins, last at {Door}")]
    public static partial void SourceLocked(this ILogger log, string source, DateTimeOffset until, SignInDoor door);

    [LoggerMessage(EventId = 5602, Level = LogLevel.Warning, Message = "Security: {Secret} of \"{User}\" is locked for strangers until {Until:u}: too many refused sign-ins, last from {Source} at {Door}")]
    public static partial void AccountLocked(this ILogger log, string secret, string user, DateTimeOffset until, string source, SignInDoor door);

    [LoggerMessage(EventId = 5603, Level = LogLevel.Warning, Message = "Security: {Secret} of \"{User}\" is locked for network {Source} until {Until:u}: too many refused sign-ins, last at {Door}")]
    public static partial void PairLocked(this ILogger log, string secret, string user, string source, DateTimeOffset until, SignInDoor door);

    [LoggerMessage(EventId = 5604, Level = LogLevel.Information, Message = "{User} signs in from {Network} for the first time")]
    public static partial void NewNetwork(this ILogger log, string user, string network);

    [LoggerMessage(EventId = 5605, Level = LogLevel.Error, Message = "Locks and known networks could not be stored ({Reason}): a restart forgets the latest")]
    public static partial void NotStored(this ILogger log, MailboxFailure reason);

    [LoggerMessage(EventId = 5606, Level = LogLevel.Information, Message = "{Count} locks taken away by the administrator")]
    public static partial void Unlocked(this ILogger log, int count);
}
