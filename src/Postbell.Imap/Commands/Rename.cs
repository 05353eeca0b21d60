using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>RENAME, RFC 3501 6.3.5: what is below goes along; renaming INBOX moves its messages and leaves it empty. RFC 9051: the new name is told with the old one.</summary>
internal static class Rename
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var from) || !reader.Space() || !reader.Mailbox(out var to) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var place = (await session.Places.FindAsync(from, ct)).Require(FolderRights.DeleteFolder);
        var target = (await session.Places.FindForNewAsync(to, ct)).Require(FolderRights.Create);
        if (place.View.AccountId != target.View.AccountId)
        {
            return CommandResult.No("CANNOT", "A mailbox stays with the person it belongs to");
        }

        await place.View.RenameFolderAsync(place.Name, target.Name, ct);
        if (session.Enabled.Imap4Rev2 && from != MailboxName.Inbox)
        {
            List.Write(session.Writer, "LIST", "", to, from);
        }

        return CommandResult.Ok("Mailbox renamed");
    }
}
