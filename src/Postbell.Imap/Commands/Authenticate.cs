using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.SignIn;

namespace Postbell.Imap.Commands;

/// <summary>AUTHENTICATE, RFC 3501 6.2.2, with the initial answer of RFC 4959; the mechanisms are the desk's.</summary>
internal static class Authenticate
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        if (!TryRead(call, out var mechanism, out var initial, out var failure))
        {
            return failure;
        }

        if (!Login.IsAllowed(session))
        {
            return Login.PrivacyRequired();
        }

        var result = await session.Services.Desk.AuthenticateAsync(Login.PeerOf(session), mechanism, initial, challenge => AskAsync(session, challenge), ct);
        return result.End switch
        {
            SaslEnd.Finished => await Login.EndAsync(session, result.UserName, result.Outcome, ct),
            SaslEnd.NotOffered => CommandResult.No("CANNOT", "This mechanism is not offered"),
            SaslEnd.GivenUp => CommandResult.Bad("Given up by the client"),
            SaslEnd.NotBase64 => CommandResult.Bad(ParseFailureText.Describe(ParseFailure.Base64Invalid)),
            _ => CommandResult.Bad("The answer is not what the mechanism wants"),
        };
    }

    // Readers live on the stack and so not over an await.
    private static bool TryRead(CommandCall call, out string mechanism, out string? initial, out CommandResult failure)
    {
        (mechanism, initial, failure) = ("", null, default);
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Atom(out var name))
        {
            failure = CommandResult.Bad(reader);
            return false;
        }

        mechanism = Encoding.ASCII.GetString(name);
        if (reader.TakeIf((byte)' '))
        {
            initial = Encoding.Latin1.GetString(reader.Rest());
        }
        else if (!reader.End())
        {
            failure = CommandResult.Bad(reader);
            return false;
        }

        return true;
    }

    private static async ValueTask<string> AskAsync(ImapSession session, string challenge)
    {
        session.Writer.Raw("+ "u8).Text(challenge).Line();
        await session.Connection.FlushAsync();
        var (outcome, line) = await session.Connection.ReadLineAsync();
        return outcome == ReadOutcome.Complete ? Encoding.Latin1.GetString(line.Span) : throw new SessionEndException(outcome);
    }
}
