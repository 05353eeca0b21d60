using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>CLOSE, RFC 3501 6.4.2: removes what is marked as deleted without telling, and leaves the folder; with QRESYNC it names the MODSEQ to come back with (RFC 7162 section 3.2.8).</summary>
internal static class Close
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.End())
        {
            return CommandResult.Bad(reader);
        }

        string? code = null;
        var selected = session.Selected;
        await session.RefreshRightsAsync(ct);
        if (!selected.ReadOnly && selected.LastUid > 0 && selected.Rights.HasFlag(FolderRights.Expunge))
        {
            var gone = await selected.Mailbox.ExpungeAsync(selected.Folder.Id, [new UidRange(1, selected.LastUid)], ct);
            if (gone.Count > 0 && session.Enabled.QResync)
            {
                await selected.NoteAsync(always: true, ct);
                code = $"HIGHESTMODSEQ {selected.ModSeqKnowing(gone)}";
            }
        }

        session.LeaveFolder();
        return CommandResult.Ok("Mailbox left", code);
    }
}
