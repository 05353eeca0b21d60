using System.Globalization;
using Postbell.Core;
using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Blobs;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    private const int MaxKeyLength = 255;
    private const int MaxLedgerText = 2000;

    /// <summary>Stores a message exactly once per idempotency key. When the task ends the message survives any crash.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchAccount"/>, <see cref="MailboxFailure.MessageTooLarge"/>, <see cref="MailboxFailure.OverQuota"/>, <see cref="MailboxFailure.DiskFull"/>,
    /// <see cref="MailboxFailure.StorageFailed"/> and the reasons of folder names.
    /// </exception>
    public async Task<AppendResult> DeliverAsync(long accountId, MailDelivery delivery, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(delivery.IdempotencyKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delivery.IdempotencyKey.Length, MaxKeyLength);
        var folder = FolderName.Normalise(delivery.Folder);
        var (quota, before) = await Readers.ReadAsync(
            sql =>
            {
                var limits = QuotaOf(sql, accountId);
                var known = ContentTable.FindDelivery(sql, accountId, delivery.IdempotencyKey);
                limits = delivery.IsPromised ? MailboxQuota.Unlimited : limits;
                if (known is null)
                {
                    UsageTable.RequireNotFull(sql, accountId, limits);
                }

                return (limits, known);
            },
            ct).ConfigureAwait(false);
        if (before is { } earlier)
        {
            Interlocked.Increment(ref _duplicates);
            return earlier;
        }

        var prepared = await PrepareAsync(delivery.Message, delivery.Flags, delivery.InternalDate, ct).ConfigureAwait(false);
        var result = await WriteWithBlobsAsync([prepared], scope => Deliver(scope, accountId, folder, delivery, prepared, quota), ct).ConfigureAwait(false);
        if (result.Duplicate)
        {
            // Another delivery with the key won while the bytes were being written.
            Blobs.Delete(prepared.Blob.Name);
            Interlocked.Increment(ref _duplicates);
        }
        else
        {
            Interlocked.Increment(ref _deliveries);
        }

        return result;
    }

    /// <summary>A place for a message that comes in piece by piece.</summary>
    /// <param name="inMemory">False keeps nothing in memory, however small the message is: for many at once.</param>
    public MessageSpool NewSpool(bool inMemory = true) => new(Blobs, _options.MaxMessageBytes, inMemory);

    /// <summary>Writes one step of a trace.</summary>
    public Task AppendLedgerAsync(TraceId trace, string stage, string detail, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            LedgerTable.Append(scope.Sql, trace, stage, DisplayText.Clean(detail, MaxLedgerText), scope.Now);
            return true;
        },
        ct);

    /// <summary>All steps of a trace in order; empty when there is none.</summary>
    public async Task<IReadOnlyList<LedgerRow>> ReadLedgerAsync(TraceId trace, CancellationToken ct) =>
        await Readers.ReadAsync(sql => LedgerTable.Read(sql, trace), ct).ConfigureAwait(false);

    /// <summary>The last steps of the traces that moved last, newest trace first, one row (the latest) per trace.</summary>
    public async Task<IReadOnlyList<LedgerRow>> RecentLedgerAsync(int count, CancellationToken ct) =>
        await Readers.ReadAsync(sql => LedgerTable.Recent(sql, count), ct).ConfigureAwait(false);

    /// <summary>Parses a message and makes its bytes durable; the row may be written then.</summary>
    internal async Task<PreparedMessage> PrepareAsync(ReadOnlyMemory<byte> message, MessageFlags flags, DateTimeOffset? date, CancellationToken ct)
    {
        if (message.Length > _options.MaxMessageBytes)
        {
            throw new MailboxException(MailboxFailure.MessageTooLarge, "The message is larger than the store takes.");
        }

        var profile = MessageProfile.Read(message.Span);
        var blob = await Blobs.WriteAsync(message, ct).ConfigureAwait(false);
        return new PreparedMessage(blob, profile, flags, date);
    }

    /// <summary>The same of a message that is to be appended.</summary>
    internal async Task<PreparedMessage> PrepareAsync(NewMessage message, CancellationToken ct)
    {
        if (message.Spool is not { } spool)
        {
            return await PrepareAsync(message.Message, message.Flags, message.InternalDate, ct).ConfigureAwait(false);
        }

        var profile = MessageProfile.Read(spool.Content.Span);
        return new PreparedMessage(await spool.StoreAsync(ct).ConfigureAwait(false), profile, message.Flags, message.InternalDate);
    }

    /// <summary>Writes rows that name new blobs; when the rows surely did not come to be, the blobs go as well.</summary>
    internal async Task<T> WriteWithBlobsAsync<T>(IReadOnlyList<PreparedMessage> messages, Func<WriteScope, T> work, CancellationToken ct)
    {
        try
        {
            var result = await Writer.WriteAsync(work, ct).ConfigureAwait(false);
            Blobs.LetGo(messages.Select(static m => m.Blob.Name));
            return result;
        }
        catch (Exception fault) when (fault is not MailboxException { Reason: MailboxFailure.StorageFailed })
        {
            // After a failed commit nobody knows what the next open will find: then the blobs stay until it has looked.
            Blobs.Delete(messages.Select(static m => m.Blob.Name));
            throw;
        }
    }

    private static AppendResult Deliver(WriteScope scope, long accountId, string folderName, MailDelivery delivery, PreparedMessage message, MailboxQuota quota)
    {
        if (ContentTable.FindDelivery(scope.Sql, accountId, delivery.IdempotencyKey) is { } earlier)
        {
            return earlier;
        }

        UsageTable.RequireNotFull(scope.Sql, accountId, quota);
        var folder = FolderTable.Find(scope.Sql, accountId, folderName) is { Selectable: true } there
            ? there
            : FolderWrites.Create(scope, accountId, folderName);
        var result = MessageWrites.Append(scope, accountId, folder, [message])[0];
        ContentTable.InsertDelivery(scope.Sql, accountId, delivery.IdempotencyKey, result, scope.Now);
        if (delivery.Ledger is { } note)
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"{note.Detail}{folderName}, UID {result.Uid}");
            LedgerTable.Append(scope.Sql, note.Trace, note.Stage, DisplayText.Clean(detail, MaxLedgerText), scope.Now);
        }

        return result;
    }
}

/// <summary>A message whose bytes are durable and whose rows are not written yet.</summary>
internal sealed record PreparedMessage(Blob Blob, MessageProfile Profile, MessageFlags Flags, DateTimeOffset? InternalDate);
