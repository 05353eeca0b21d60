using System.Text;
using Postbell.Core;
using Postbell.SignIn;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>AUTH, RFC 4954; the mechanisms are the desk's.</summary>
internal static class Auth
{
    /// <summary>True when a password may be sent over this connection.</summary>
    public static bool IsAllowed(SmtpSession session) => session.Connection.IsEncrypted || session.Services.Options.AllowPlaintextLogin;

    /// <summary>Who is at the other end, as far as signing in goes.</summary>
    public static SaslPeer PeerOf(SmtpSession session) => new(SignInDoor.Submission, session.Connection.Remote, session.Connection.ServerEndPoint);

    public static async ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (session.Account is not null)
        {
            return new Reply(503, "5.5.1", "Already signed in");
        }

        if (!IsAllowed(session))
        {
            return new Reply(538, "5.7.11", "Start TLS before signing in");
        }

        var words = Encoding.Latin1.GetString(arguments.Span).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2)
        {
            return words.Length == 0 ? SmtpParseFailureText.Describe(SmtpParseFailure.ArgumentMissing) : new Reply(501, "5.5.4", "AUTH has a mechanism and at most one answer");
        }

        var result = await session.Services.Desk.AuthenticateAsync(
            PeerOf(session), words[0], words.Length == 2 ? words[1] : null, challenge => AskAsync(session, challenge), ct);
        return result.End switch
        {
            SaslEnd.Finished => End(session, result.UserName, result.Outcome),
            SaslEnd.NotOffered => new Reply(504, "5.5.4", "This mechanism is not offered"),
            SaslEnd.GivenUp => new Reply(501, "5.7.0", "Given up by the client"),
            _ => new Reply(501, "5.5.2", "The answer is not valid"),
        };
    }

    private static async ValueTask<string> AskAsync(SmtpSession session, string challenge)
    {
        session.Connection.WriteLine("334 " + challenge);
        var (outcome, line) = await session.Connection.ReadLineAsync(session.Limits.AuthLineBytes, session.Patience);
        return outcome switch
        {
            ReadOutcome.Complete => Encoding.Latin1.GetString(line.Span),
            ReadOutcome.LineTooLong => "?",
            _ => throw new SessionEndException(outcome),
        };
    }

    /// <summary>Signed in, or why not; the last refusal allowed ends the connection.</summary>
    private static Reply End(SmtpSession session, string user, SignInOutcome outcome)
    {
        var services = session.Services;
        session.Account = outcome.Account;
        if (session.Account is { } account)
        {
            services.Statistics.LoggedIn();
            services.Log.LoggedIn(account.UserName, session.Connection.Remote);
            return new Reply(235, "2.7.0", "Signed in");
        }

        services.Statistics.LoginFailed();
        services.Log.LoginRefused(DisplayText.Clean(user), session.Connection.Remote, outcome.Verdict);
        var refused = outcome.Verdict switch
        {
            SignInVerdict.Refused => new Reply(535, "5.7.8", "Name or password is wrong"),
            SignInVerdict.Unavailable => new Reply(454, "4.7.0", "Signing in is not possible at the moment"),
            _ => new Reply(454, "4.7.0", "Too many refused logins, try again later"),
        };
        return ++session.LoginAttempts >= session.Limits.LoginAttempts ? session.Close(refused) : refused;
    }
}
