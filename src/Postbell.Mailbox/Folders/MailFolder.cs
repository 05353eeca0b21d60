namespace Postbell.Mailbox;

/// <summary>Purpose of a folder (RFC 6154). The numbers are stored.</summary>
public enum FolderUse
{
    /// <summary>None in particular.</summary>
    None = 0,

    /// <summary><c>\Sent</c>.</summary>
    Sent = 1,

    /// <summary><c>\Drafts</c>.</summary>
    Drafts = 2,

    /// <summary><c>\Trash</c>.</summary>
    Trash = 3,

    /// <summary><c>\Junk</c>.</summary>
    Junk = 4,

    /// <summary><c>\Archive</c>.</summary>
    Archive = 5,
}

/// <summary>Names of the folders every account starts with.</summary>
public static class FolderNames
{
    /// <summary>Where mail arrives. Its name has no case.</summary>
    public const string Inbox = "INBOX";

    /// <summary>Separates the levels of a name.</summary>
    public const char Separator = '/';

    /// <summary>Folders made with the account.</summary>
    public static IReadOnlyList<(string Name, FolderUse Use)> Standard { get; } =
    [
        (Inbox, FolderUse.None), ("Sent", FolderUse.Sent), ("Drafts", FolderUse.Drafts), ("Trash", FolderUse.Trash),
        ("Junk", FolderUse.Junk), ("Archive", FolderUse.Archive),
    ];
}

/// <summary>One folder.</summary>
/// <param name="Id">Number within the account; never used again.</param>
/// <param name="Name">Full name, levels separated by <c>/</c>, plain Unicode (not modified UTF-7).</param>
/// <param name="UidValidity">UIDVALIDITY; never used again by another folder of the store. 0 when not selectable.</param>
/// <param name="Use">Special use.</param>
/// <param name="Selectable">False for <c>\Noselect</c>: a name that only has children.</param>
/// <param name="Subscribed">True when the person subscribed to the name.</param>
/// <param name="HasChildren">True when there are folders below.</param>
/// <param name="MailboxId">MAILBOXID (RFC 8474): stays when the folder is renamed, and no other folder of the store ever has it.</param>
public sealed record MailFolder(
    long Id, string Name, uint UidValidity, FolderUse Use, bool Selectable, bool Subscribed, bool HasChildren, string MailboxId);

/// <summary>Counts of one folder, all of the same instant.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Messages">Messages.</param>
/// <param name="Recent">Messages no read-write session has seen yet.</param>
/// <param name="Unseen">Messages without <c>\Seen</c>.</param>
/// <param name="Deleted">Messages with <c>\Deleted</c>.</param>
/// <param name="UidNext">UIDNEXT.</param>
/// <param name="HighestModSeq">Highest MODSEQ of anything that happened in the folder.</param>
/// <param name="Size">Octets of all messages.</param>
/// <param name="DeletedSize">Octets of messages with <c>\Deleted</c>: what expunging would set free.</param>
public sealed record FolderStatus(
    MailFolder Folder, int Messages, int Recent, int Unseen, int Deleted, uint UidNext, long HighestModSeq, long Size, long DeletedSize);

/// <summary>A folder as it was at one instant: what SELECT needs.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="UidNext">UIDNEXT.</param>
/// <param name="HighestModSeq">Highest MODSEQ; hand it to <see cref="MailboxView.ReadChangesAsync"/> to learn what came later.</param>
/// <param name="FirstRecentUid">Messages from this UID on are <c>\Recent</c> for the session that opened the folder.</param>
/// <param name="Rows">Every message, ascending UID.</param>
/// <param name="Keywords">Every keyword that one of them has.</param>
/// <param name="FirstUnseen">Place in <paramref name="Rows"/> of the first without <c>\Seen</c>, or -1.</param>
public sealed record FolderSnapshot(
    MailFolder Folder, uint UidNext, long HighestModSeq, uint FirstRecentUid, IReadOnlyList<MessageRow> Rows, IReadOnlyList<string> Keywords, int FirstUnseen);

/// <summary>What happened in a folder after a MODSEQ.</summary>
/// <param name="Exists">False when the folder is gone or no longer selectable: the session must end.</param>
/// <param name="Changed">New messages and messages with changed flags, ascending UID.</param>
/// <param name="Vanished">Expunged UIDs, ascending.</param>
/// <param name="UidNext">UIDNEXT.</param>
/// <param name="HighestModSeq">Start of the next question.</param>
public sealed record FolderChanges(
    bool Exists, IReadOnlyList<MessageRow> Changed, IReadOnlyList<uint> Vanished, uint UidNext, long HighestModSeq);
