using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>EXPUNGE, RFC 3501 6.4.3, and UID EXPUNGE, RFC 4315. The answers come with what the session tells anyway.</summary>
internal static class Expunge
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var selected = session.Selected;
        var reader = call.Arguments();

        // Messages the client has not heard of are none of its business.
        IReadOnlyList<UidRange> ranges = selected.LastUid > 0 ? [new UidRange(1, selected.LastUid)] : [];
        if (call.IsUid)
        {
            if (!reader.Space() || !reader.SequenceSet(out var set))
            {
                return CommandResult.Bad(reader);
            }

            selected.TryResolve(set, uid: true, out var indexes);
            ranges = selected.Uids(indexes);
        }

        if (!reader.End())
        {
            return CommandResult.Bad(reader);
        }

        if (selected.ReadOnly)
        {
            return CommandResult.No("CANNOT", "The mailbox is open read-only");
        }

        await session.DemandAsync(FolderRights.Expunge, ct);
        var gone = ranges.Count > 0 ? await selected.Mailbox.ExpungeAsync(selected.Folder.Id, ranges, ct) : [];
        return CommandResult.Ok("Deleted messages removed") with { Expunged = gone.Count > 0 };
    }
}
