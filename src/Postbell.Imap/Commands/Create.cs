using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>CREATE, RFC 3501 6.3.3: missing levels above are made too.</summary>
internal static class Create
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        await session.Mailbox.CreateFolderAsync(name, ct);
        return CommandResult.Ok("Mailbox made");
    }
}
