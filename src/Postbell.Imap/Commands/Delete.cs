using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>DELETE, RFC 3501 6.3.4.</summary>
internal static class Delete
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        await session.Mailbox.DeleteFolderAsync(name, ct);
        if (session.State == SessionState.Selected && session.Selected.Folder.Name == name)
        {
            session.LeaveFolder();
        }

        return CommandResult.Ok("Mailbox deleted");
    }
}
