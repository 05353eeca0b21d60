using System.Globalization;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>SETMETADATA, RFC 5464 section 4.3: notes something about a mailbox, for oneself or for all who may read it.</summary>
internal static class SetMetadata
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!MetadataRequest.TryParseSet(ref reader, out var mailbox, out var entries))
        {
            return CommandResult.Bad(reader);
        }

        var forAll = entries.Exists(static e => e.IsShared);
        if (forAll && mailbox.Length == 0)
        {
            return CommandResult.No("NOPERM", "What is noted about the server for everybody is the administrator's");
        }

        var needed = FolderRights.Lookup | FolderRights.Read | (forAll ? FolderRights.Write : FolderRights.None);
        var (place, folder) = await MetadataPlace.FindAsync(session, mailbox, needed, ct);
        try
        {
            await session.Services.Store.SetMetadataAsync(place.View.AccountId, folder, session.Account.Id, entries, ct);
            return CommandResult.Ok("Noted");
        }
        catch (MailboxException refusal) when (refusal.Reason == MailboxFailure.MetadataTooLarge)
        {
            return CommandResult.No(string.Create(CultureInfo.InvariantCulture, $"METADATA MAXSIZE {MetadataEntry.LargestValue}"), "That is too long for a note");
        }
        catch (MailboxException refusal) when (refusal.Reason == MailboxFailure.TooMuchMetadata)
        {
            return CommandResult.No("METADATA TOOMANY", "There are too many notes");
        }
    }
}
