using System.Text;
using Postbell.Core;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>LOGIN, RFC 3501 6.2.3; and the check that AUTHENTICATE shares.</summary>
internal static class Login
{
    /// <summary>True when a password may be sent over this connection.</summary>
    public static bool IsAllowed(ImapSession session) => session.Connection.IsEncrypted || session.Services.Options.AllowPlaintextLogin;

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

    /// <summary>Checks a password. A refusal is answered late, and the last one allowed ends the connection.</summary>
    public static async Task<CommandResult> CheckAsync(ImapSession session, string user, string password, CancellationToken ct)
    {
        var services = session.Services;
        Mailbox.Account? account;
        using (await services.Throttle.TurnAsync(ct))
        {
            account = await services.Store.VerifyPasswordAsync(user, password, ct);
        }

        if (account is not null)
        {
            services.Statistics.LoggedIn();
            services.Log.LoggedIn(account.UserName, session.Connection.Remote);
            await session.EnterAsync(account, ct);
            return CommandResult.Ok("Signed in", "CAPABILITY " + CapabilityTable.Names(session));
        }

        services.Statistics.LoginFailed();
        services.Log.LoginRefused(DisplayText.Clean(user), session.Connection.Remote);
        await services.Throttle.PunishAsync(session.Connection.Remote, ct);
        if (++session.LoginAttempts >= session.Connection.Limits.LoginAttempts)
        {
            session.Bye("Too many refused logins");
        }

        return CommandResult.No("AUTHENTICATIONFAILED", "Name or password is wrong");
    }
}
