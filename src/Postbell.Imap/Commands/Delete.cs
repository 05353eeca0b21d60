using Postbell.Imap.Session;
using Postbell.Mailbox;

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

        // By its number: the one that is selected may have been renamed since.
        var place = (await session.Places.FindAsync(name, ct)).Require(FolderRights.DeleteFolder);
        var folder = await place.View.FindFolderAsync(place.Name, ct);
        await place.View.DeleteFolderAsync(place.Name, ct);
        if (session.State == SessionState.Selected && session.Selected.Folder.Id == folder?.Id)
        {
            if (session.Enabled.Imap4Rev2)
            {
                session.Writer.Untagged("OK [CLOSED] The mailbox that was open is gone");
            }

            session.LeaveFolder();
        }

        return CommandResult.Ok("Mailbox deleted");
    }
}
