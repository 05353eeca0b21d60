using Microsoft.Extensions.Logging;
using Postbell.Mailbox.Accounts;
using Postbell.Mailbox.Changes;
using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Maintenance;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage;
using Postbell.Mailbox.Storage.Blobs;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <summary>The one store of accounts, folders and messages. Safe from any thread. A task that ended well means: it is on disk.</summary>
public sealed partial class MailStore : IAsyncDisposable
{
    private const int FeedCapacity = 10_000;

    private readonly MailStoreOptions _options;
    private readonly FileStream _lock;
    private readonly ChangeFeed _feed;
    private readonly StoreHealth _health;
    private readonly SecretVerifier _secrets;
    private readonly IDurableDisk _disk;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly List<RepeatedWork> _care = [];
    private long _deliveries;
    private long _duplicates;
    private long _retentionRemoved;
    private long _purged;
    private long _orphansRemoved;
    private bool _disposed;

    private MailStore(MailStoreOptions options, TimeProvider time, ILoggerFactory log, FileStream exclusive, IDurableDisk disk)
    {
        _options = options;
        _disk = disk;
        _time = time;
        _lock = exclusive;
        var logger = _log = log.CreateLogger<MailStore>();
        _health = new StoreHealth(logger);
        _feed = new ChangeFeed(FeedCapacity, logger);
        _secrets = new SecretVerifier(options.PasswordIterations);
        var file = Path.Combine(options.DataDirectory, "postbell.db");
        var session = Database.OpenWriter(file);
        try
        {
            SecretTable.Prepare(session);
            foreach (var account in VacationTable.Enabled(session))
            {
                _away.TryAdd(account, 0);
            }

            Blobs = new BlobFolder(Path.Combine(options.DataDirectory, "blobs"), time, disk, _health);
            Blobs.Prepare();
            // The database file's own name must survive a crash as well.
            disk.FlushDirectory(options.DataDirectory);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        Blobs.Start();
        Writer = new WriteLoop(session, time, _health, options.MaxWaitingWrites, OnCommitted, logger);
        Readers = new ReaderPool(file, options.Readers, _health);
        FolderRows = new FolderRowCache(options.MaxRowsInMemory);
        Indexer = new Searching.TextIndexer(Readers, Writer, Blobs, time, logger);
        if (options.IndexText)
        {
            Indexer.Start();
        }

        if (!options.KeepsOrphans)
        {
            BeginCare();
        }

        LogOpened(logger, file);
    }

    /// <summary>False after a write or fsync failed: reads go on, every write is refused with <see cref="MailboxFailure.StorageFailed"/>.</summary>
    public bool IsHealthy => _health.Fault is null;

    /// <summary>What made the store unhealthy, or null.</summary>
    public string? Fault => _health.Fault;

    /// <summary>Counters since the store was opened.</summary>
    public MailStoreStatistics Statistics => new(
        Writer.Writes, Writer.Transactions, Interlocked.Read(ref _deliveries), Interlocked.Read(ref _duplicates), Interlocked.Read(ref _orphansRemoved))
    {
        Scrubbed = Interlocked.Read(ref _scrubbed), DamageFound = Interlocked.Read(ref _damageFound),
        RemovedByRule = Interlocked.Read(ref _retentionRemoved), Purged = Interlocked.Read(ref _purged),
    };

    internal WriteLoop Writer { get; }

    internal ReaderPool Readers { get; }

    internal FolderRowCache FolderRows { get; }

    internal BlobFolder Blobs { get; }

    internal Searching.TextIndexer Indexer { get; }

    internal MailStoreOptions Options => _options;

    /// <summary>Opens the store, making it when it is not there; checks what every start needs of the database. The rest is checked, and what a crash left behind collected, in the background.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NewerDatabase"/>, <see cref="MailboxFailure.DatabaseDamaged"/>, <see cref="MailboxFailure.InUse"/>.
    /// </exception>
    public static Task<MailStore> OpenAsync(MailStoreOptions options, TimeProvider time, ILoggerFactory log, CancellationToken ct) =>
        OpenAsync(options, time, log, new DurableDisk(), ct);

    internal static Task<MailStore> OpenAsync(
        MailStoreOptions options, TimeProvider time, ILoggerFactory log, IDurableDisk disk, CancellationToken ct)
    {
        var absolute = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        return Task.Run(
            () =>
            {
                var exclusive = Lock(absolute.DataDirectory);
                try
                {
                    return new MailStore(absolute, time, log, exclusive, disk);
                }
                catch
                {
                    exclusive.Dispose();
                    throw;
                }
            },
            ct);
    }

    /// <summary>Calls <paramref name="observer"/> for every change after it is committed, in commit order, one at a time, on the thread pool. Dispose ends it.</summary>
    public IDisposable Subscribe(Action<MailboxChange> observer) => _feed.Subscribe(observer);

    /// <summary>A person's mailbox.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public async Task<MailboxView> OpenMailboxAsync(long accountId, CancellationToken ct)
    {
        await RequireAccountAsync(accountId, ct).ConfigureAwait(false);
        return new MailboxView(this, accountId);
    }

    /// <summary>Voice messages of a person, from the rows: what lamp and phone say.</summary>
    public Task<VoiceCounts> CountVoiceAsync(long accountId, CancellationToken ct) =>
        Readers.ReadAsync(sql => VoiceCounting.Count(sql, accountId), ct);

    /// <summary>Messages that are not in the full-text index yet; searches read them.</summary>
    public Task<long> CountUnindexedAsync(CancellationToken ct) => Readers.ReadAsync(TextIndexTable.CountWaiting, ct);

    /// <summary>Waits for the writes under way, then closes files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach (var work in _care)
            {
                await work.DisposeAsync().ConfigureAwait(false);
            }

            await Indexer.DisposeAsync().ConfigureAwait(false);
            await Blobs.DisposeAsync().ConfigureAwait(false);
            await Writer.DisposeAsync().ConfigureAwait(false);
            await Readers.DisposeAsync().ConfigureAwait(false);
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal async Task RequireAccountAsync(long accountId, CancellationToken ct)
    {
        if (!await Readers.ReadAsync(sql => AccountTable.Exists(sql, accountId), ct).ConfigureAwait(false))
        {
            throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
        }
    }

    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // Two processes on one store would each hand out the same UIDs from their own idea of the truth.
    private static FileStream Lock(string directory)
    {
        MakePrivate(directory);
        var path = Path.Combine(directory, "postbell.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException || (refused.HResult & 0xffff) == BlobFolder.ReadOnlyError)
        {
            throw new MailboxException(MailboxFailure.StorageFailed, $"{directory} cannot be written: {refused.Message}", refused);
        }
        catch (IOException taken)
        {
            throw new MailboxException(MailboxFailure.InUse, $"{directory} is in use by another process.", taken);
        }
    }

    private void OnCommitted(WriteScope scope)
    {
        _feed.Publish(scope.Changes);
        if (scope.Changes.Exists(static change => change.Kind == MailboxChangeKind.Added))
        {
            Indexer.Wake();
        }

        if (scope.ReleasedBlobs.Count > 0)
        {
            Blobs.Release(scope.ReleasedBlobs);
        }
    }

    // What nobody waits for, while the store works: see Maintenance.
    private void BeginCare()
    {
        _care.Add(new RepeatedWork(
            "looking for files that nothing names", s_beforeSweep,
            async ct =>
            {
                await SweepOrphansAsync(paced: true, ct).ConfigureAwait(false);
                return s_sweepEvery;
            },
            _time, _log));
        _care.Add(new RepeatedWork(
            "retention", s_beforeRetention,
            async ct =>
            {
                await ApplyRetentionAsync(ct).ConfigureAwait(false);
                await PruneAsync(ct).ConfigureAwait(false);
                return s_retentionEvery;
            },
            _time, _log));
        if (_options.ScrubOctetsPerSecond > 0)
        {
            _care.Add(new RepeatedWork("reading through all messages", s_beforeScrub, ct => ScrubAsync(paced: true, ct), _time, _log));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Store {File} is open")]
    private static partial void LogOpened(ILogger log, string file);

    [LoggerMessage(3, LogLevel.Information, "{Count} files removed that nothing named")]
    private static partial void LogSwept(ILogger log, int count);
}

/// <summary>Counters of a store since it was opened.</summary>
/// <param name="Writes">Write operations that were committed.</param>
/// <param name="Transactions">Transactions that carried them: far fewer under load.</param>
/// <param name="Deliveries">Messages stored by delivery.</param>
/// <param name="Duplicates">Deliveries answered from an earlier one with the same key.</param>
/// <param name="OrphansRemoved">Blob files that nothing named, removed.</param>
public readonly record struct MailStoreStatistics(long Writes, long Transactions, long Deliveries, long Duplicates, long OrphansRemoved)
{
    /// <summary>Messages and recordings read and compared in the background.</summary>
    public long Scrubbed { get; init; }

    /// <summary>How often bytes were found missing or damaged.</summary>
    public long DamageFound { get; init; }

    /// <summary>Messages removed from their folders by the rules of policies.</summary>
    public long RemovedByRule { get; init; }

    /// <summary>Removed messages that went for good.</summary>
    public long Purged { get; init; }
}
