using System.Collections.Concurrent;

namespace Postbell.Core;

/// <summary>
/// Makes password guessing slow: each refused login of an address waits longer than the one before, over all its connections,
/// and only some passwords are checked at once, since a check costs much processor time by design. Doors that share one slow a guesser
/// at all of them. Safe from any thread.
/// </summary>
public sealed class LoginThrottle(TimeProvider time, TimeSpan maxDelay) : IDisposable
{
    /// <summary>The longest wait before a refused login is answered; the first refusal waits 1 second, each further one twice as long.</summary>
    public static readonly TimeSpan UsualLongestDelay = TimeSpan.FromSeconds(16);

    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Last)> _failures = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _checks = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Waits for a turn to check a password; dispose what is returned afterwards.</summary>
    public async Task<IDisposable> TurnAsync(CancellationToken ct)
    {
        await _checks.WaitAsync(ct);
        return new Turn(_checks);
    }

    /// <summary>
    /// Notes a refusal and waits as long as this address has earned. Only time forgives: a guesser with a password of his own could
    /// otherwise start anew as often as he likes.
    /// </summary>
    public Task PunishAsync(string address, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var noted = _failures.AddOrUpdate(
            address,
            static (_, at) => (1, at),
            static (_, seen, at) => at - seen.Last > Forgotten ? (1, at) : (seen.Failures + 1, at),
            now);
        if (_failures.Count > MaxAddresses)
        {
            Forget(now);
        }

        var seconds = Math.Pow(2, Math.Min(noted.Failures - 1, 20));
        var delay = TimeSpan.FromSeconds(Math.Min(seconds, maxDelay.TotalSeconds));
        return Task.Delay(delay, time, ct);
    }

    /// <inheritdoc />
    public void Dispose() => _checks.Dispose();

    /// <summary>Drops the old; when all are young, drops them all: a flood from very many addresses is not slowed by remembering them.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (address, seen) in _failures)
        {
            if (now - seen.Last > Forgotten)
            {
                _failures.TryRemove(address, out _);
            }
        }

        if (_failures.Count > MaxAddresses)
        {
            _failures.Clear();
        }
    }

    private sealed class Turn(SemaphoreSlim checks) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                checks.Release();
            }
        }
    }
}
