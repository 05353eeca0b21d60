using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>What all sessions share.</summary>
internal sealed record ImapServices(
    MailStore Store,
    ImapOptions Options,
    ImapStatistics Statistics,
    LoginThrottle Throttle,
    MailboxWatch Watch,
    SearchTurns SearchTurns,
    TimeProvider Time,
    ILogger Log);
