using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>A few read connections. Each use is one transaction and so sees one instant of the database, whatever the writer does meanwhile.</summary>
internal sealed class ReaderPool : IAsyncDisposable
{
    private readonly ConcurrentBag<SqlSession> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly string _file;
    private readonly int _size;
    private readonly StoreHealth _health;
    private volatile bool _closed;

    public ReaderPool(string file, int size, StoreHealth health)
    {
        _file = file;
        _health = health;
        _size = size;
        _free = new SemaphoreSlim(size);
    }

    public async Task<T> ReadAsync<T>(Func<SqlSession, T> query, CancellationToken ct)
    {
        // A caller with a context (a call's executor) must not be what SQLite blocks; on the thread pool the query runs where it is.
        await _free.WaitAsync(ct).ConfigureAwait(
            SynchronizationContext.Current is null ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (_closed)
            {
                throw new MailboxException(MailboxFailure.Closed, "The store is closed.");
            }

            if (!_idle.TryTake(out var session))
            {
                session = Database.OpenReader(_file);
            }

            T result;
            try
            {
                session.Execute("BEGIN");
                result = query(session);
                session.Execute("COMMIT");
            }
            catch (SqliteException fault) when (SqliteCodes.IsStorage(fault.SqliteErrorCode))
            {
                session.Dispose();
                throw Explain(fault);
            }
            catch
            {
                // A connection that failed in the middle is not worth repairing.
                session.Dispose();
                throw;
            }

            _idle.Add(session);
            return result;
        }
        finally
        {
            _free.Release();
        }
    }

    // One page that cannot be read is the trouble of those whose rows lie there.
    private MailboxException Explain(SqliteException fault) => fault.SqliteErrorCode is SqliteCodes.Corrupt or SqliteCodes.NotADatabase
        ? _health.Damaged(fault)
        : new MailboxException(MailboxFailure.StorageFailed, "The database could not be read: " + fault.Message, fault);

    /// <summary>Waits for running reads, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < _size; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        _closed = true;
        foreach (var session in _idle)
        {
            session.Dispose();
        }

        _free.Release(_size);
    }
}
