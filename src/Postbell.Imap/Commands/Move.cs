using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>MOVE and UID MOVE, RFC 6851. COPYUID comes untagged, before the EXPUNGEs that the session tells.</summary>
internal static class Move
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!Copy.TryParse(ref reader, out var set, out var target))
        {
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        if (!selected.TryResolve(set, call.IsUid, out var indexes))
        {
            return CommandResult.Bad(ParseFailureText.Describe(ParseFailure.SequenceNumberTooLarge));
        }

        if (selected.ReadOnly)
        {
            return CommandResult.No("CANNOT", "The mailbox is open read-only");
        }

        if (!call.IsUid && await Copy.SomeAreGoneAsync(selected, indexes, ct))
        {
            return CommandResult.No("EXPUNGEISSUED", "Some of the messages are gone");
        }

        try
        {
            await session.DemandAsync(FolderRights.Read | FolderRights.DeleteMessages | FolderRights.Expunge, ct);
            var place = (await session.Places.FindAsync(target, ct)).Require(FolderRights.Insert);
            var result = await MailTransfer.MoveAsync(session, selected.Uids(indexes), place, ct);
            if (Copy.CopyUid(result) is { } code)
            {
                session.Writer.Untagged($"OK [{code}] Messages moved");
            }

            return CommandResult.Ok("Done") with { Expunged = result.Messages.Count > 0 };
        }
        catch (MailboxException refusal)
        {
            return Refusal.Of(refusal, tryCreate: true);
        }
    }
}
