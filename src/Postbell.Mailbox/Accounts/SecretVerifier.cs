namespace Postbell.Mailbox.Accounts;

/// <summary>Hashes and compares secrets on the thread pool, a few at a time: a flood of sign-ins must not take the processor from calls.</summary>
internal sealed class SecretVerifier(int iterations)
{
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Task<SecretHash> HashAsync(string secret, CancellationToken ct) => RunAsync(() => SecretHash.Create(secret, iterations), ct);

    public Task<SecretHash> HashPasswordAsync(string password, CancellationToken ct) => RunAsync(() => SecretHash.CreatePassword(password, iterations), ct);

    /// <summary>True when the secret matches. Null stands for "there is none": never true, same work.</summary>
    public Task<bool> MatchesAsync(SecretHash? stored, string secret, CancellationToken ct) =>
        RunAsync(() => (stored ?? SecretHash.Nobody(iterations)).Matches(secret) && stored is not null, ct);

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
