using Microsoft.Extensions.Logging;

namespace Postbell.Mailbox;

/// <summary>The one store of accounts, folders and messages. Safe from any thread. A task that ended well means: it is on disk.</summary>
public sealed partial class MailStore : IAsyncDisposable
{
    /// <summary>Opens the store, making it when it is not there; checks the database and collects what a crash left behind.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NewerDatabase"/>, <see cref="MailboxFailure.DatabaseDamaged"/>, <see cref="MailboxFailure.InUse"/>.
    /// </exception>
    public static Task<MailStore> OpenAsync(MailStoreOptions options, TimeProvider time, ILoggerFactory log, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>False after a write or fsync failed: reads go on, every write is refused with <see cref="MailboxFailure.StorageFailed"/>.</summary>
    public bool IsHealthy => throw new NotSupportedException();

    /// <summary>What made the store unhealthy, or null.</summary>
    public string? Fault => throw new NotSupportedException();

    /// <summary>Counters since the store was opened.</summary>
    public MailStoreStatistics Statistics => throw new NotSupportedException();

    /// <summary>Calls <paramref name="observer"/> for every change after it is committed, in commit order, one at a time, on the thread pool. Dispose ends it.</summary>
    public IDisposable Subscribe(Action<MailboxChange> observer) => throw new NotSupportedException();

    /// <summary>A person's mailbox.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public Task<MailboxView> OpenMailboxAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Stores a message exactly once per idempotency key. When the task ends the message survives any crash.</summary>
    public Task<AppendResult> DeliverAsync(long accountId, MailDelivery delivery, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Voice messages of a person, from the rows: what lamp and phone say.</summary>
    public Task<VoiceCounts> CountVoiceAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Waits for the writes under way, then closes files.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

/// <summary>Counters of a store since it was opened.</summary>
/// <param name="Writes">Write operations that were committed.</param>
/// <param name="Transactions">Transactions that carried them: far fewer under load.</param>
/// <param name="Deliveries">Messages stored by delivery.</param>
/// <param name="Duplicates">Deliveries answered from an earlier one with the same key.</param>
/// <param name="OrphansRemoved">Blob files without a row, removed at open.</param>
public readonly record struct MailStoreStatistics(long Writes, long Transactions, long Deliveries, long Duplicates, long OrphansRemoved);
