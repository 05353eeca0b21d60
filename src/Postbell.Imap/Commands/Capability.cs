using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>CAPABILITY, RFC 3501 6.1.1: what works, and nothing else.</summary>
internal static class Capability
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Writer.Untagged("CAPABILITY " + CapabilityTable.Names(session));
        return Task.FromResult(CommandResult.Ok("Capabilities told"));
    }
}
