using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Postbell.Mailbox.Accounts;

/// <summary>
/// Hashes and compares secrets on the thread pool, a few at a time: a flood of sign-ins must not take the processor from calls. Passwords that were right
/// are remembered for the life of the process, keyed with a secret of its own, since mail programs sign in again and again and the hash costs a fifth of
/// a second by design.
/// </summary>
internal sealed class SecretVerifier(int iterations)
{
    private const int MaxRemembered = 100_000;

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    // By the stored hash, which another password or another salt has not: what was changed is forgotten by itself.
    private readonly ConcurrentDictionary<string, byte[]> _remembered = new(StringComparer.Ordinal);
    private long _derived;

    /// <summary>How often the costly hash was computed to compare a secret.</summary>
    public long Derived => Interlocked.Read(ref _derived);

    public Task<SecretHash> HashAsync(string secret, CancellationToken ct) => RunAsync(() => SecretHash.Create(secret, iterations), ct);

    public Task<SecretHash> HashPasswordAsync(string password, CancellationToken ct) => RunAsync(() => SecretHash.CreatePassword(password, iterations), ct);

    /// <summary>True when the secret matches. Null stands for "there is none": never true, same work.</summary>
    public Task<bool> MatchesAsync(SecretHash? stored, string secret, CancellationToken ct) => RunAsync(
        () =>
        {
            Interlocked.Increment(ref _derived);
            return (stored ?? SecretHash.Nobody(iterations)).Matches(secret) && stored is not null;
        },
        ct);

    /// <summary>The same, and one that was right before is known at once. Whatever is wrong takes the full work.</summary>
    public async Task<bool> MatchesAgainAsync(SecretHash? stored, string secret, CancellationToken ct)
    {
        if (stored is not { } hash)
        {
            return await MatchesAsync(stored, secret, ct).ConfigureAwait(false);
        }

        var name = Convert.ToHexString(hash.Hash);
        var mark = HMACSHA256.HashData(_key, (byte[])[.. hash.Salt, .. Encoding.UTF8.GetBytes(secret)]);
        if (_remembered.TryGetValue(name, out var known) && CryptographicOperations.FixedTimeEquals(known, mark))
        {
            return true;
        }

        var matches = await MatchesAsync(stored, secret, ct).ConfigureAwait(false);
        if (matches)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[name] = mark;
        }

        return matches;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        await _slots.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, ct).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
