using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>NAMESPACE, RFC 2342: one personal namespace without prefix.</summary>
internal static class Namespace
{
    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return Task.FromResult(CommandResult.Bad(reader));
        }

        session.Writer.Untagged("NAMESPACE ((\"\" \"/\")) NIL NIL");
        return Task.FromResult(CommandResult.Ok("Namespaces told"));
    }
}
