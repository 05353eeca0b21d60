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
        var intake = new MessageIntake(session, request.Mailbox);
        if (await intake.TakeAsync(request.Message, several: false, ct, unfit) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var uid = selected.Rows[indexes[0]].Uid;
            var stored = await session.Mailbox.ReplaceAsync(selected.Folder.Id, uid, request.Mailbox, intake.Messages[0], ct);
            session.Writer.Untagged($"OK [APPENDUID {stored.UidValidity} {stored.Uid}] Message stored");
            return CommandResult.Ok("Message replaced") with { Expunged = true };
        }
        catch (MailboxException failure)
        {
            return Refusal.Of(failure, tryCreate: true);
        }
    }
}
