using System.Globalization;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>COPY and UID COPY, RFC 3501 6.4.7, answering with COPYUID (RFC 4315). MOVE shares its parts.</summary>
internal static class Copy
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!TryParse(ref reader, out var set, out var target))
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        if (!selected.TryResolve(set, call.IsUid, out var indexes))
        {
            return CommandResult.Bad(ParseFailureText.Describe(ParseFailure.SequenceNumberTooLarge));
        }

        if (!call.IsUid && await SomeAreGoneAsync(selected, indexes, ct))
        {
            return CommandResult.No("EXPUNGEISSUED", "Some of the messages are gone");
        }

        try
        {
            await session.DemandAsync(FolderRights.Read, ct);
            var place = (await session.Places.FindAsync(target, ct)).Require(FolderRights.Insert);
            return CommandResult.Ok("Messages copied", CopyUid(await MailTransfer.CopyAsync(session, selected.Uids(indexes), place, ct)));
        }
        catch (MailboxException refusal)
        {
            return Refusal.Of(refusal, tryCreate: true);
        }
    }

    public static bool TryParse(ref CommandReader reader, out SequenceSet set, out string target)
    {
        target = "";
        set = null!;
        return reader.Space() && reader.SequenceSet(out set) && reader.Space() && reader.Mailbox(out target) && reader.End();
    }

    /// <summary>True when the client means messages by their numbers of which some are gone: then none is copied (RFC 3501 section 6.4.7, RFC 2180 section 4.4).</summary>
    public static async Task<bool> SomeAreGoneAsync(SelectedFolder selected, List<int> indexes, CancellationToken ct)
    {
        await selected.NoteAsync(always: true, ct);
        return indexes.Exists(i => selected.IsVanished(selected.Rows[i].Uid));
    }

    /// <summary>The response code, or null when nothing was copied.</summary>
    public static string? CopyUid(CopyResult result)
    {
        if (result.Messages.Count == 0)
        {
            return null;
        }

        // Both sets list the messages in the same order, so the target's UIDs may not be sorted apart from the source's.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"COPYUID {result.UidValidity} {InOrder(result.Messages.Select(m => m.SourceUid))} {InOrder(result.Messages.Select(m => m.TargetUid))}");
    }

    private static string InOrder(IEnumerable<uint> uids) => string.Join(
        ',', UidRange.From(uids).Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}:{r.Last}"));
}
