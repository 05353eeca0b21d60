namespace Postbell.Mailbox;

/// <summary>What happened.</summary>
public enum MailboxChangeKind
{
    /// <summary>Messages came into a folder.</summary>
    Added,

    /// <summary>Flags changed.</summary>
    FlagsChanged,

    /// <summary>Messages left a folder.</summary>
    Expunged,

    /// <summary>Folders were made, deleted, renamed or (un)subscribed; <see cref="MailboxChange.FolderId"/> is 0 when several are meant.</summary>
    FoldersChanged,

    /// <summary>A field, greeting, password or PIN of the account changed.</summary>
    AccountChanged,

    /// <summary>The account is gone.</summary>
    AccountDeleted,

    /// <summary>The observer fell so far behind that changes were dropped: everything it knows must be read again. AccountId is 0.</summary>
    Overrun,
}

/// <summary>One committed change of a mailbox.</summary>
/// <param name="AccountId">Account.</param>
/// <param name="FolderId">Folder, or 0.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Uids">Messages it happened to, ascending; empty when it is about folders or accounts.</param>
/// <param name="ModSeq">MODSEQ of the change, or 0.</param>
/// <param name="VoiceCountsMayHaveChanged">True when the lamp must be looked at.</param>
public sealed record MailboxChange(
    long AccountId, long FolderId, MailboxChangeKind Kind, IReadOnlyList<uint> Uids, long ModSeq, bool VoiceCountsMayHaveChanged);

/// <summary>Numbers of voice messages as RFC 3842 wants them: not deleted, outside Trash and Junk.</summary>
/// <param name="New">Not listened to yet (without <c>\Seen</c>), urgent ones included.</param>
/// <param name="Old">Listened to, urgent ones included.</param>
/// <param name="UrgentNew">Of the new ones, those of high importance.</param>
/// <param name="UrgentOld">Of the old ones, those of high importance.</param>
public readonly record struct VoiceCounts(int New, int Old, int UrgentNew, int UrgentOld);
