using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Messages that are read piece by piece.</content>
public sealed partial class MailboxView
{
    /// <summary>Opens a message to read it piece by piece, without its checksum. It can be read to its end though it is expunged meanwhile.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public async Task<MessageBytes> OpenContentAsync(StoredMessage message, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return new MessageBytes(_store.Blobs.Open(message.BlobName), message.BlobName);
        }
        catch (MailboxException missing) when (missing.Reason == MailboxFailure.BlobDamaged)
        {
            if (!await IsGoneAsync(message, ct).ConfigureAwait(false))
            {
                throw;
            }

            throw new MailboxException(MailboxFailure.NoSuchMessage, "The message has been expunged.", missing);
        }
    }

    private async Task<bool> IsGoneAsync(StoredMessage message, CancellationToken ct) =>
        !await _store.Readers.ReadAsync(sql => ContentTable.Exists(sql, AccountId, message.ContentId), ct).ConfigureAwait(false);
}
