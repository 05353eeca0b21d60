using Microsoft.Extensions.Logging;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Imap.Session;

/// <summary>What all sessions share.</summary>
internal sealed record ImapServices(
    MailStore Store,
    ImapOptions Options,
    ImapStatistics Statistics,
    SignInDesk Desk,
    MailboxWatch Watch,
    SearchTurns SearchTurns,
    TimeProvider Time,
    ILogger Log);
