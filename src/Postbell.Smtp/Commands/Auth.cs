using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Postbell.Core;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>AUTH, RFC 4954, with PLAIN (RFC 4616) and LOGIN.</summary>
internal static class Auth
{
    private static Reply Malformed => new(501, "5.5.2", "The answer is not valid");

    /// <summary>True when a password may be sent over this connection.</summary>
    public static bool IsAllowed(SmtpSession session) => session.Connection.IsEncrypted || session.Services.Options.AllowPlaintextLogin;

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
        return words switch
        {
            [var mechanism] when Is(mechanism, "PLAIN") => await PlainAsync(session, await AskAsync(session, ""), ct),
            [var mechanism, var first] when Is(mechanism, "PLAIN") => await PlainAsync(session, first == "=" ? "" : first, ct),
            [var mechanism] when Is(mechanism, "LOGIN") => await LoginAsync(session, await AskAsync(session, "Username:"), ct),
            [var mechanism, var first] when Is(mechanism, "LOGIN") => await LoginAsync(session, first, ct),
            [] => SmtpParseFailureText.Describe(SmtpParseFailure.ArgumentMissing),
            _ => new Reply(504, "5.5.4", "This mechanism is not offered"),
        };
    }

    private static bool Is(string mechanism, string name) => mechanism.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>authorization identity NUL name NUL password; acting for someone else is not offered.</summary>
    private static async ValueTask<Reply> PlainAsync(SmtpSession session, string answer, CancellationToken ct)
    {
        if (answer == "*")
        {
            return new Reply(501, "5.7.0", "Given up by the client");
        }

        if (Decode(answer)?.Split('\0') is not [var actingFor, var user, var password])
        {
            return Malformed;
        }

        // A foreign authorization identity is refused as a wrong password is: no account has an empty name.
        return await CheckAsync(session, actingFor.Length == 0 || Is(actingFor, user) ? user : "", password, ct);
    }

    private static async ValueTask<Reply> LoginAsync(SmtpSession session, string answer, CancellationToken ct)
    {
        if (Decode(answer) is not { } user)
        {
            return answer == "*" ? new Reply(501, "5.7.0", "Given up by the client") : Malformed;
        }

        return Decode(await AskAsync(session, "Password:")) is { } password ? await CheckAsync(session, user, password, ct) : Malformed;
    }

    private static async ValueTask<string> AskAsync(SmtpSession session, string prompt)
    {
        session.Connection.WriteLine("334 " + Convert.ToBase64String(Encoding.ASCII.GetBytes(prompt)));
        var (outcome, line) = await session.Connection.ReadLineAsync(session.Limits.AuthLineBytes, session.Patience);
        return outcome switch
        {
            ReadOutcome.Complete => Encoding.Latin1.GetString(line.Span),
            ReadOutcome.LineTooLong => "?",
            _ => throw new SessionEndException(outcome),
        };
    }

    private static string? Decode(string answer)
    {
        var coded = Encoding.Latin1.GetBytes(answer);
        var plain = new byte[Base64.GetMaxDecodedFromUtf8Length(coded.Length)];
        return Base64.DecodeFromUtf8(coded, plain, out _, out var length) == OperationStatus.Done ? Encoding.UTF8.GetString(plain, 0, length) : null;
    }

    /// <summary>Checks a password. A refusal is answered late, and the last one allowed ends the connection.</summary>
    private static async ValueTask<Reply> CheckAsync(SmtpSession session, string user, string password, CancellationToken ct)
    {
        var services = session.Services;
        using (await services.Throttle.TurnAsync(ct))
        {
            session.Account = await services.Store.VerifyPasswordAsync(user, password, ct);
        }

        if (session.Account is { } account)
        {
            services.Statistics.LoggedIn();
            services.Log.LoggedIn(account.UserName, session.Connection.Remote);
            return new Reply(235, "2.7.0", "Signed in");
        }

        services.Statistics.LoginFailed();
        services.Log.LoginRefused(DisplayText.Clean(user), session.Connection.Remote);
        await services.Throttle.PunishAsync(session.Connection.Remote, ct);
        var refused = new Reply(535, "5.7.8", "Name or password is wrong");
        return ++session.LoginAttempts >= session.Limits.LoginAttempts ? session.Close(refused) : refused;
    }
}
