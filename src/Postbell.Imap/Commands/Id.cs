using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>ID, RFC 2971. The server tells its name and no version, which would only help an attacker.</summary>
internal static class Id
{
    private const int MaxPairs = 30;

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!TrySkip(ref reader))
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Writer.Untagged("ID (\"name\" \"Postbell\")");
        return Task.FromResult(CommandResult.Ok("Pleased to meet you"));
    }

    private static bool TrySkip(ref CommandReader reader)
    {
        if (!reader.Space())
        {
            return false;
        }

        if (reader.TakeWord("NIL"u8))
        {
            return reader.End();
        }

        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        for (var pairs = 0; !reader.NextIs((byte)')'); pairs++)
        {
            if (pairs == MaxPairs)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if ((pairs > 0 && !reader.Space()) || !reader.String(out _) || !reader.Space() || (!reader.TakeWord("NIL"u8) && !reader.String(out _)))
            {
                return false;
            }
        }

        return reader.Expect((byte)')', ParseFailure.ListUnterminated) && reader.End();
    }
}
