namespace Postbell.Imap.Session;

/// <summary>
/// Lets few searches work at once: one of each person and some of all, so that neither many connections of one nor many people take the
/// processor and the disk from those who only read. Each has a time, waiting included.
/// </summary>
internal sealed class SearchTurns(int atOnce, TimeSpan budget, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _all = new(atOnce);
    private readonly Dictionary<long, Turn> _perAccount = [];
    private readonly Lock _gate = new();

    /// <summary>The answer to a search that was given up.</summary>
    public static CommandResult TooLong { get; } = CommandResult.No("LIMIT", "The search took too long, look for less at once");

    /// <summary>Does the work when it is its turn.</summary>
    /// <returns>Null when the time was over before the work was done.</returns>
    public async Task<T?> RunAsync<T>(long accountId, Func<CancellationToken, Task<T>> work, CancellationToken ct)
        where T : class
    {
        using var patience = new CancellationTokenSource(budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        var own = Enter(accountId);
        try
        {
            await own.Free.WaitAsync(either.Token);
            try
            {
                await _all.WaitAsync(either.Token);
                try
                {
                    return await work(either.Token);
                }
                finally
                {
                    _all.Release();
                }
            }
            finally
            {
                own.Free.Release();
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Leave(accountId, own);
        }
    }

    public void Dispose() => _all.Dispose();

    private Turn Enter(long accountId)
    {
        lock (_gate)
        {
            if (!_perAccount.TryGetValue(accountId, out var turn))
            {
                _perAccount.Add(accountId, turn = new Turn());
            }

            turn.Users++;
            return turn;
        }
    }

    private void Leave(long accountId, Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Users == 0)
            {
                _perAccount.Remove(accountId);
                turn.Free.Dispose();
            }
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Users { get; set; }
    }
}
