using System.Text;
using Postbell.Core;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.SignIn;

namespace Postbell.Imap.Commands;

/// <summary>LOGIN, RFC 3501 6.2.3; and what follows from a sign-in, which AUTHENTICATE shares.</summary>
internal static class Login
{
    /// <summary>True when a password may be sent over this connection.</summary>
    public static bool IsAllowed(ImapSession session) => session.Connection.IsEncrypted || session.Services.Options.AllowPlaintextLogin;

    /// <summary>Who is at the other end, as far as signing in goes.</summary>
    public static SaslPeer PeerOf(ImapSession session) => new(SignInDoor.Imap, session.Connection.Remote, session.Connection.ServerEndPoint);

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        if (!IsAllowed(session))
        {
            return Task.FromResult(PrivacyRequired());
        }

        var reader = call.Arguments();
        return reader.Space() && reader.AString(out var user) && reader.Space() && reader.AString(out var password) && reader.End()
            ? CheckAsync(session, Encoding.UTF8.GetString(user), Encoding.UTF8.GetString(password), ct)
            : Task.FromResult(CommandResult.Bad(reader));
    }

    public static CommandResult PrivacyRequired() => CommandResult.No("PRIVACYREQUIRED", "Start TLS before signing in");

    private static async Task<CommandResult> CheckAsync(ImapSession session, string user, string password, CancellationToken ct) =>
        await EndAsync(session, user, await session.Services.Desk.CheckPasswordAsync(SignInDoor.Imap, session.Connection.Remote, user, password, ct), ct);

    /// <summary>Opens the mailbox, or says why not; the last refusal allowed ends the connection.</summary>
    public static async Task<CommandResult> EndAsync(ImapSession session, string user, SignInOutcome outcome, CancellationToken ct)
    {
        var services = session.Services;
        if (outcome.Account is { } account)
        {
            services.Statistics.LoggedIn();
            services.Log.LoggedIn(account.UserName, session.Connection.Remote);
            await session.EnterAsync(account, ct);
            return CommandResult.Ok("Signed in", "CAPABILITY " + CapabilityTable.Names(session));
        }

        services.Statistics.LoginFailed();
        services.Log.LoginRefused(DisplayText.Clean(user), session.Connection.Remote, outcome.Verdict);
        if (++session.LoginAttempts >= session.Connection.Limits.LoginAttempts)
        {
            session.Bye("Too many refused logins");
        }

        return outcome.Verdict switch
        {
            SignInVerdict.Refused => CommandResult.No("AUTHENTICATIONFAILED", "Name or password is wrong"),
            SignInVerdict.Unavailable => CommandResult.No("UNAVAILABLE", "Signing in is not possible at the moment"),
            _ => CommandResult.No("UNAVAILABLE", "Too many refused logins, try again later"),
        };
    }
}
