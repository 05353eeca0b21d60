using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailboxView
{
    /// <summary>Messages in the ranges, ascending UID, with cached structure; UIDs that do not exist are left out.</summary>
    public async Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(long folderId, IReadOnlyList<UidRange> uids, CancellationToken ct) =>
        await _store.Readers.ReadAsync(
            sql =>
            {
                var messages = new List<StoredMessage>();
                foreach (var range in UidRange.Merge(uids))
                {
                    messages.AddRange(MessageTable.Stored(sql, AccountId, folderId, range));
                }

                return messages;
            },
            ct).ConfigureAwait(false);

    /// <summary>All bytes of a message, checked against their checksum.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public Task<ReadOnlyMemory<byte>> ReadContentAsync(StoredMessage message, CancellationToken ct) =>
        ReadBlobAsync(message, () => _store.Blobs.ReadAsync(message.BlobName, message.Checksum, message.Size, ct), ct);

    /// <summary>A range of a message's bytes, cut at its end, read without the rest and so without the checksum.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public Task<ReadOnlyMemory<byte>> ReadContentAsync(StoredMessage message, long offset, int length, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return ReadBlobAsync(message, () => _store.Blobs.ReadRangeAsync(message.BlobName, offset, length, ct), ct);
    }

    /// <summary>Hands over all bytes of a message piece by piece, and compares them with their checksum at the end.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public Task CopyContentAsync(StoredMessage message, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken ct) => ReadBlobAsync(
        message,
        async () =>
        {
            await _store.Blobs.CopyAsync(message.BlobName, message.Checksum, message.Size, sink, ct).ConfigureAwait(false);
            return [];
        },
        ct);

    /// <summary>A place for a message that comes in piece by piece: see <see cref="NewMessage.Of"/>.</summary>
    /// <param name="inMemory">False keeps nothing in memory, however small the message is.</param>
    public MessageSpool NewSpool(bool inMemory = true) => _store.NewSpool(inMemory);

    /// <summary>Appends messages, all or none.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>, <see cref="MailboxFailure.MessageTooLarge"/>,
    /// <see cref="MailboxFailure.OverQuota"/>, <see cref="MailboxFailure.DiskFull"/>, <see cref="MailboxFailure.StorageFailed"/>.
    /// </exception>
    public async Task<IReadOnlyList<AppendResult>> AppendAsync(string folder, IReadOnlyList<NewMessage> messages, CancellationToken ct)
    {
        var name = FolderName.Normalise(folder);
        var octets = messages.Sum(static m => (long)m.Message.Length);
        var quota = await _store.Readers.ReadAsync(
            sql =>
            {
                FolderTable.Require(sql, AccountId, name);
                var limits = _store.QuotaOf(sql, AccountId);
                UsageTable.RequireRoom(sql, AccountId, limits, octets, messages.Count);
                return limits;
            },
            ct).ConfigureAwait(false);
        var prepared = new List<PreparedMessage>(messages.Count);
        try
        {
            foreach (var message in messages)
            {
                prepared.Add(await _store.PrepareAsync(message, ct).ConfigureAwait(false));
            }
        }
        catch
        {
            _store.Blobs.Delete(prepared.Select(static m => m.Blob.Name));
            throw;
        }

        return await _store.WriteWithBlobsAsync(
            prepared,
            scope =>
            {
                UsageTable.RequireRoom(scope.Sql, AccountId, quota, octets, messages.Count);
                return MessageWrites.Append(scope, AccountId, FolderTable.Require(scope.Sql, AccountId, name), prepared);
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Changes flags. With <paramref name="unchangedSince"/> messages with a higher MODSEQ are left alone and reported.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public Task<FlagResult> StoreFlagsAsync(
        long folderId, IReadOnlyList<UidRange> uids, FlagChange change, MessageFlags flags, long? unchangedSince, CancellationToken ct) =>
        _store.Writer.WriteAsync(scope => MessageWrites.StoreFlags(scope, AccountId, folderId, uids, change, flags, unchangedSince), ct);

    /// <summary>As the other form, but of the flags only those of <paramref name="scope"/> change.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public Task<FlagResult> StoreFlagsAsync(
        long folderId, IReadOnlyList<UidRange> uids, FlagChange change, MessageFlags flags, long? unchangedSince, FlagScope scope, CancellationToken ct) =>
        _store.Writer.WriteAsync(write => MessageWrites.StoreFlags(write, AccountId, folderId, uids, change, flags, unchangedSince, scope), ct);

    /// <summary>Copies messages into another folder, all or none; flags and internal date go with them.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchFolder"/> (also for the target), <see cref="MailboxFailure.NotSelectable"/>, <see cref="MailboxFailure.OverQuota"/>.
    /// </exception>
    public async Task<CopyResult> CopyAsync(long folderId, IReadOnlyList<UidRange> uids, string target, CancellationToken ct)
    {
        var name = FolderName.Normalise(target);
        var quota = await _store.Readers.ReadAsync(sql => _store.QuotaOf(sql, AccountId), ct).ConfigureAwait(false);
        return await _store.Writer.WriteAsync(scope => MessageWrites.Copy(scope, AccountId, folderId, uids, name, move: false, quota), ct).ConfigureAwait(false);
    }

    /// <summary>Moves messages into another folder, all or none (RFC 6851).</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/> (also for the target), <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public Task<CopyResult> MoveAsync(long folderId, IReadOnlyList<UidRange> uids, string target, CancellationToken ct)
    {
        var name = FolderName.Normalise(target);
        return _store.Writer.WriteAsync(scope => MessageWrites.Copy(scope, AccountId, folderId, uids, name, move: true, MailboxQuota.Unlimited), ct);
    }

    /// <summary>Removes the messages with <c>\Deleted</c> in the ranges; returns their UIDs, ascending. Where the policy keeps removed messages they can be brought back: see <see cref="UndeleteAsync"/>.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public Task<IReadOnlyList<uint>> ExpungeAsync(long folderId, IReadOnlyList<UidRange> uids, CancellationToken ct) =>
        _store.Writer.WriteAsync(scope => MessageWrites.Expunge(scope, AccountId, folderId, uids, _store.KeepingOf(scope.Sql, AccountId)), ct);

    // A file that is gone because the message was expunged meanwhile is no damage.
    private async Task<ReadOnlyMemory<byte>> ReadBlobAsync(StoredMessage message, Func<Task<byte[]>> read, CancellationToken ct)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (MailboxException damaged) when (damaged.Reason == MailboxFailure.BlobDamaged)
        {
            if (!await IsGoneAsync(message, ct).ConfigureAwait(false))
            {
                await _store.NoteDamageAsync(AccountId, message.BlobName, ct).ConfigureAwait(false);
                throw;
            }

            throw new MailboxException(MailboxFailure.NoSuchMessage, "The message has been expunged.", damaged);
        }
    }
}
