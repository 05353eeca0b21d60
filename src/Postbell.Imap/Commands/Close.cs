using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>CLOSE, RFC 3501 6.4.2: removes what is marked as deleted without telling, and leaves the folder.</summary>
internal static class Close
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        if (!selected.ReadOnly && selected.LastUid > 0)
        {
            await session.Mailbox.ExpungeAsync(selected.Folder.Id, [new UidRange(1, selected.LastUid)], ct);
        }

        session.LeaveFolder();
        return CommandResult.Ok("Mailbox left");
    }
}
