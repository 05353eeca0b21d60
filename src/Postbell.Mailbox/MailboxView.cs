namespace Postbell.Mailbox;

/// <summary>One person's mailbox: a cheap handle without state of its own, safe from any thread.</summary>
public sealed partial class MailboxView
{
    /// <summary>The account.</summary>
    public long AccountId => throw new NotSupportedException();

    /// <summary>All folders in order of their names, INBOX first.</summary>
    public Task<IReadOnlyList<MailFolder>> ListFoldersAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Names the person subscribed to, whether or not such a folder exists.</summary>
    public Task<IReadOnlyList<string>> ListSubscriptionsAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The folder with the name, or null. INBOX has no case.</summary>
    public Task<MailFolder?> FindFolderAsync(string name, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Makes a folder and the missing levels above it; a trailing separator is dropped.</summary>
    public Task<MailFolder> CreateFolderAsync(string name, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Deletes a folder with its messages; one with children loses its messages and becomes not selectable.</summary>
    public Task DeleteFolderAsync(string name, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Renames a folder and what is below it. Renaming INBOX moves its messages into a new folder and leaves INBOX empty (RFC 3501 section 6.3.5).</summary>
    public Task RenameFolderAsync(string from, string to, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Adds or removes a subscription. The folder need not exist.</summary>
    public Task SetSubscribedAsync(string name, bool subscribed, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Counts of a folder.</summary>
    public Task<FolderStatus> ReadStatusAsync(string name, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Opens a folder. Not read-only: its messages are no longer recent for sessions that open it later.</summary>
    public Task<FolderSnapshot> OpenFolderAsync(string name, bool readOnly, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>What happened in a folder after <paramref name="modSeq"/>.</summary>
    public Task<FolderChanges> ReadChangesAsync(long folderId, long modSeq, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Messages in the ranges, ascending UID, with cached structure; UIDs that do not exist are left out.</summary>
    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(long folderId, IReadOnlyList<UidRange> uids, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>All bytes of a message, checked against their checksum.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public Task<ReadOnlyMemory<byte>> ReadContentAsync(StoredMessage message, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>A range of a message's bytes, cut at its end, read without the rest and so without the checksum.</summary>
    public Task<ReadOnlyMemory<byte>> ReadContentAsync(StoredMessage message, long offset, int length, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Appends messages, all or none.</summary>
    public Task<IReadOnlyList<AppendResult>> AppendAsync(string folder, IReadOnlyList<NewMessage> messages, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Changes flags. With <paramref name="unchangedSince"/> messages with a higher MODSEQ are left alone and reported.</summary>
    public Task<FlagResult> StoreFlagsAsync(
        long folderId, IReadOnlyList<UidRange> uids, FlagChange change, MessageFlags flags, long? unchangedSince, CancellationToken ct) =>
        throw new NotSupportedException();

    /// <summary>Copies messages into another folder, all or none; flags and internal date go with them.</summary>
    public Task<CopyResult> CopyAsync(long folderId, IReadOnlyList<UidRange> uids, string target, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Moves messages into another folder, all or none (RFC 6851).</summary>
    public Task<CopyResult> MoveAsync(long folderId, IReadOnlyList<UidRange> uids, string target, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Removes the messages with <c>\Deleted</c> in the ranges for good; returns their UIDs, ascending.</summary>
    public Task<IReadOnlyList<uint>> ExpungeAsync(long folderId, IReadOnlyList<UidRange> uids, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>UIDs of the messages that meet the criterion, ascending.</summary>
    public Task<IReadOnlyList<uint>> SearchAsync(long folderId, SearchCriterion criterion, CancellationToken ct) => throw new NotSupportedException();
}
