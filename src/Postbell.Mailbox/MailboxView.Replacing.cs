using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailboxView
{
    /// <summary>Stores a message and removes another for good, both or neither (RFC 8508).</summary>
    /// <param name="folderId">Folder of the message that goes.</param>
    /// <param name="uid">UID of the message that goes.</param>
    /// <param name="target">Name of the folder the new message goes to.</param>
    /// <param name="message">The new message.</param>
    /// <param name="ct">Gives up before the write.</param>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchMessage"/> when the message is gone already, and the reasons of <see cref="AppendAsync"/>.
    /// </exception>
    public async Task<AppendResult> ReplaceAsync(long folderId, uint uid, string target, NewMessage message, CancellationToken ct)
    {
        var name = FolderName.Normalise(target);
        var quota = await _store.Readers.ReadAsync(
            sql =>
            {
                FolderTable.Require(sql, AccountId, name);
                return _store.QuotaOf(sql, AccountId);
            },
            ct).ConfigureAwait(false);
        var prepared = await _store.PrepareAsync(message, ct).ConfigureAwait(false);
        return await _store.WriteWithBlobsAsync([prepared], scope => Replace(scope, folderId, uid, name, prepared, quota), ct).ConfigureAwait(false);
    }

    private AppendResult Replace(WriteScope scope, long folderId, uint uid, string target, PreparedMessage message, MailboxQuota quota)
    {
        UidRange[] replaced = [new UidRange(uid, uid)];
        if (MessageWrites.StoreFlags(
            scope, AccountId, folderId, replaced, FlagChange.Add, new MessageFlags(SystemFlags.Deleted), unchangedSince: null).Changed.Count == 0)
        {
            throw new MailboxException(MailboxFailure.NoSuchMessage, "The message has been expunged.");
        }

        MessageWrites.Expunge(scope, AccountId, folderId, replaced, _store.KeepingOf(scope.Sql, AccountId));
        UsageTable.RequireRoom(scope.Sql, AccountId, quota, message.Blob.Size, 1);
        return MessageWrites.Append(scope, AccountId, FolderTable.Require(scope.Sql, AccountId, target), [message])[0];
    }
}
