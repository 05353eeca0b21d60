using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>What GETMETADATA and SETMETADATA are about.</summary>
internal static class MetadataPlace
{
    /// <summary>The folder of a name, or with an empty name (folder 0) the person's mailbox as a whole.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotPermitted"/>.</exception>
    public static async Task<(MailPlace Place, long FolderId)> FindAsync(ImapSession session, string name, FolderRights needed, CancellationToken ct)
    {
        if (name.Length == 0)
        {
            return (new MailPlace(session.Mailbox, "", "", FolderRights.All), 0);
        }

        var place = (await session.Places.FindAsync(name, ct)).Require(needed);
        return (place, (await place.View.FindFolderAsync(place.Name, ct) ?? throw MailPlace.NotThere()).Id);
    }
}
