using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>REPLACE and UID REPLACE, RFC 8508: a draft is stored anew and the old one goes, in one step.</summary>
internal static class Replace
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!ReplaceRequest.TryParse(ref reader, out var request) || !call.Text.MessageFollows)
        {
            reader.Fail(ParseFailure.TrailingCharacters);
            return CommandResult.Bad(reader);
        }

        var selected = session.Selected;
        var known = selected.TryResolve(request.Replaced, call.IsUid, out var indexes) && indexes.Count == 1;
        CommandResult? unfit = !known ? CommandResult.No("NONEXISTENT", "There is no such message")
            : selected.ReadOnly ? CommandResult.No("CANNOT", "The mailbox is open read-only")
            : null;
        using var intake = new MessageIntake(session, request.Mailbox);
        if (await intake.TakeAsync(request.Message, several: false, ct, unfit) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var uid = selected.Rows[indexes[0]].Uid;
            await session.DemandAsync(FolderRights.DeleteMessages | FolderRights.Expunge, ct);
            if (intake.Place.View.AccountId != selected.Mailbox.AccountId)
            {
                return CommandResult.No("CANNOT", "A message is replaced within one person's mailboxes");
            }

            var stored = await selected.Mailbox.ReplaceAsync(selected.Folder.Id, uid, intake.Place.Name, intake.Messages[0], ct);
            session.Writer.Untagged($"OK [APPENDUID {stored.UidValidity} {stored.Uid}] Message stored");
            return CommandResult.Ok("Message replaced") with { Expunged = true };
        }
        catch (MailboxException failure)
        {
            return Refusal.Of(failure, tryCreate: true);
        }
    }
}
