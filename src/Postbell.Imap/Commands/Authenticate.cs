using System.Buffers.Text;
using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>AUTHENTICATE PLAIN, RFC 3501 6.2.2 and RFC 4616, with the initial answer of RFC 4959.</summary>
internal static class Authenticate
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Atom(out var mechanism))
        {
            return CommandResult.Bad(reader);
        }

        if (!Ascii.EqualsIgnoreCase(mechanism, "PLAIN"u8))
        {
            return CommandResult.No("CANNOT", "This mechanism is not offered");
        }

        if (!Login.IsAllowed(session))
        {
            return Login.PrivacyRequired();
        }

        byte[] answer;
        if (reader.TakeIf((byte)' '))
        {
            answer = [.. reader.Rest()];
        }
        else
        {
            if (!reader.End())
            {
                return CommandResult.Bad(reader);
            }

            session.Writer.Raw("+ \r\n"u8);
            await session.Connection.FlushAsync();
            var (outcome, line) = await session.Connection.ReadLineAsync();
            if (outcome != ReadOutcome.Complete)
            {
                throw new SessionEndException(outcome);
            }

            answer = line.ToArray();
        }

        if (answer.AsSpan().SequenceEqual("*"u8))
        {
            return CommandResult.Bad("Given up by the client");
        }

        return TryDecode(answer, out var user, out var password)
            ? await Login.CheckAsync(session, user, password, ct)
            : CommandResult.Bad(ParseFailureText.Describe(ParseFailure.Base64Invalid));
    }

    /// <summary>authorization identity NUL name NUL password; acting for someone else is not offered.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> answer, out string user, out string password)
    {
        user = "";
        password = "";
        answer = answer.SequenceEqual("="u8) ? [] : answer;
        var plain = new byte[Base64.GetMaxDecodedFromUtf8Length(answer.Length)];
        if (Base64.DecodeFromUtf8(answer, plain, out _, out var length) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        var fields = Encoding.UTF8.GetString(plain, 0, length).Split('\0');
        if (fields.Length != 3)
        {
            return false;
        }

        // A foreign authorization identity is refused as a wrong password is: no account has an empty name.
        user = fields[0].Length == 0 || fields[0].Equals(fields[1], StringComparison.OrdinalIgnoreCase) ? fields[1] : "";
        password = fields[2];
        return true;
    }
}
