using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>ENABLE, RFC 5161: extensions this server does not have are passed over, and there is none that has to be enabled.</summary>
internal static class Enable
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        do
        {
            if (!reader.Space() || !reader.Atom(out _))
            {
                return Task.FromResult(CommandResult.Bad(reader));
            }
        }
        while (!reader.AtEnd);

        session.Writer.Untagged("ENABLED");
        return Task.FromResult(CommandResult.Ok("Nothing of that to enable"));
    }
}
