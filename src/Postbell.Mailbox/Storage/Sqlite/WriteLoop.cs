using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>
/// The only writer of the database: one thread with group commit. Operations that arrive while a commit is under way wait together and
/// share the next transaction and its fsync.
/// </summary>
/// <remarks>
/// Invariants: an operation is answered only after its commit is durable; a failing operation is undone by its savepoint and leaves the others
/// of its transaction alone; after a failed write or fsync nothing is written any more (an fsync that is tried again after it failed may report
/// success for pages the kernel has thrown away); changes are handed over in commit order.
/// </remarks>
internal sealed partial class WriteLoop : IAsyncDisposable
{
    private const int MaxBatch = 1000;

    private readonly SqlSession _sql;
    private readonly TimeProvider _time;
    private readonly StoreHealth _health;
    private readonly Action<WriteScope> _committed;
    private readonly ILogger _log;
    private readonly Channel<WriteOperation> _waiting;
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _writes;
    private long _transactions;

    /// <summary>Starts the thread.</summary>
    /// <param name="committed">Receives each operation's scope after the commit, on the writer's thread: must only hand on.</param>
    public WriteLoop(SqlSession sql, TimeProvider time, StoreHealth health, int capacity, Action<WriteScope> committed, ILogger log)
    {
        _sql = sql;
        _time = time;
        _health = health;
        _committed = committed;
        _log = log;
        _waiting = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(capacity) { SingleReader = true });
        new Thread(RunLoop) { Name = "postbell-store-writer", IsBackground = true }.Start();
    }

    public long Writes => Volatile.Read(ref _writes);

    public long Transactions => Volatile.Read(ref _transactions);

    /// <summary>Called before each commit; tests make it throw what a failing disk would.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <summary>Queues a write and waits until it is durable.</summary>
    /// <exception cref="MailboxException">Refused by the operation, or <see cref="MailboxFailure.StorageFailed"/>, <see cref="MailboxFailure.DiskFull"/>.</exception>
    public Task<T> WriteAsync<T>(Func<WriteScope, T> work, CancellationToken ct) => QueueAsync(new WriteOperation<T>(work, alone: false, ct), ct);

    /// <summary>Queues work that runs between transactions, while no write is under way.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.StorageFailed"/>, <see cref="MailboxFailure.DiskFull"/>.</exception>
    public Task<T> RunAloneAsync<T>(Func<SqlSession, T> work, CancellationToken ct) =>
        QueueAsync(new WriteOperation<T>(scope => work(scope.Sql), alone: true, ct), ct);

    /// <inheritdoc cref="RunAloneAsync{T}"/>
    public Task RunAloneAsync(Action<SqlSession> work, CancellationToken ct) => RunAloneAsync(
        sql =>
        {
            work(sql);
            return true;
        },
        ct);

    private async Task<T> QueueAsync<T>(WriteOperation<T> operation, CancellationToken ct)
    {
        _health.ThrowIfFailed();
        try
        {
            await _waiting.Writer.WriteAsync(operation, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new MailboxException(MailboxFailure.Closed, "The store is being closed.");
        }

        _arrived.Set();
        return await operation.Task.ConfigureAwait(false);
    }

    /// <summary>Finishes what waits, then ends the thread and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _arrived.Set();
        await _ended.Task.ConfigureAwait(false);
        _sql.Dispose();
    }

    private void RunLoop()
    {
        var batch = new List<WriteOperation>(MaxBatch);
        while (true)
        {
            WriteOperation? alone = null;
            while (alone is null && batch.Count < MaxBatch && _waiting.Reader.TryRead(out var operation))
            {
                if (operation.IsAlone)
                {
                    alone = operation;
                }
                else
                {
                    batch.Add(operation);
                }
            }

            if (batch.Count > 0 || alone is not null)
            {
                CommitAll(batch);
                RunAlone(alone);
            }
            else if (_waiting.Reader.Completion.IsCompleted)
            {
                break;
            }
            else
            {
                _arrived.WaitOne();
            }
        }

        _ended.SetResult();
    }

    private void CommitAll(List<WriteOperation> batch)
    {
        if (batch.Count > 0)
        {
            Commit(batch);
            batch.Clear();
        }
    }

    // What it could not do harms nobody's promise: the database is as it was.
    private void RunAlone(WriteOperation? operation)
    {
        try
        {
            operation?.Run(new WriteScope(_sql, _time.GetUtcNow()));
            operation?.Succeed();
        }
        catch (Exception fault)
        {
            operation?.Fail(fault is not SqliteException sqlite ? fault
                : sqlite.SqliteErrorCode == SqliteCodes.Full ? new MailboxException(MailboxFailure.DiskFull, "The disk is full.", fault)
                : new MailboxException(MailboxFailure.StorageFailed, "The database could not be written anew: " + fault.Message, fault));
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        var done = new List<(WriteOperation Operation, WriteScope Scope)>(batch.Count);
        try
        {
            _health.ThrowIfFailed();
            _sql.Execute("BEGIN IMMEDIATE");
            RunAll(batch, done);
            BeforeCommit?.Invoke();
            _sql.Execute("COMMIT");
        }
        catch (SqliteException damaged) when (batch.Count > 1 && damaged.SqliteErrorCode == SqliteCodes.Corrupt)
        {
            // One of them met a damaged page. Alone each shows whether it was that one; the others are done.
            RollBack();
            foreach (var operation in batch.Where(static o => !o.IsAnswered))
            {
                Commit([operation]);
            }

            return;
        }
        catch (Exception fault)
        {
            var reason = Explain(fault);
            RollBack();
            foreach (var operation in batch)
            {
                operation.Fail(reason);
            }

            return;
        }

        Interlocked.Increment(ref _transactions);
        Interlocked.Add(ref _writes, done.Count);
        foreach (var (_, scope) in done)
        {
            _committed(scope);
        }

        foreach (var (operation, _) in done)
        {
            operation.Succeed();
        }
    }

    private void RunAll(List<WriteOperation> batch, List<(WriteOperation Operation, WriteScope Scope)> done)
    {
        var now = _time.GetUtcNow();
        foreach (var operation in batch)
        {
            if (operation.IsCancelled)
            {
                operation.Cancel();
                continue;
            }

            var scope = new WriteScope(_sql, now);
            _sql.Execute("SAVEPOINT operation");
            try
            {
                operation.Run(scope);
                _sql.Execute("RELEASE operation");
                done.Add((operation, scope));
            }
            catch (Exception fault) when (fault is not SqliteException sqlite || !SqliteCodes.IsStorage(sqlite.SqliteErrorCode))
            {
                _sql.Execute("ROLLBACK TO operation");
                _sql.Execute("RELEASE operation");
                operation.Fail(fault);
            }
        }
    }

    private MailboxException Explain(Exception fault)
    {
        switch (fault)
        {
            case MailboxException known:
                return known;
            case SqliteException { SqliteErrorCode: SqliteCodes.Corrupt }:
                return _health.Damaged(fault);
            case SqliteException { SqliteErrorCode: SqliteCodes.Full }:
                LogFull(_log);
                return new MailboxException(MailboxFailure.DiskFull, "The disk is full.", fault);
            default:
                _health.Fail("The database could not be written: " + fault.Message, fault);
                return new MailboxException(MailboxFailure.StorageFailed, "The database could not be written: " + fault.Message, fault);
        }
    }

    private void RollBack()
    {
        try
        {
            _sql.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has ended the transaction by itself already.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The disk is full: writes are refused until there is room")]
    private static partial void LogFull(ILogger log);
}
