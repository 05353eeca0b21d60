using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>The keys of the identity provider, fetched when they are old or when a token names one that is not among them (rotation).</summary>
internal sealed class ProviderKeys(Uri address, TokenOptions options, ProviderClient client, TimeProvider time) : IDisposable
{
    private const int MostKeys = 100;

    /// <summary>Tokens with made-up key names must not make us fetch more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Old keys are better than none while the provider is away, for so long.</summary>
    private static readonly TimeSpan UsableFor = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile Fetched? _fetched;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    /// <summary>The keys that may have signed a token.</summary>
    /// <exception cref="SignInUnavailableException">There are none, and none can be had.</exception>
    public async Task<IReadOnlyList<SigningKey>> FindAsync(string keyId, string algorithm, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var fetched = _fetched;
        if (fetched is null || now - fetched.At >= options.KeysKeptFor || Fitting(fetched, keyId, algorithm).Count == 0)
        {
            fetched = await FetchAsync(fetched, ct).ConfigureAwait(false);
        }

        return Fitting(fetched, keyId, algorithm);
    }

    public void Dispose() => _fetching.Dispose();

    // A token without a key name is tried with each key that fits; there are few.
    private static List<SigningKey> Fitting(Fetched fetched, string keyId, string algorithm) =>
        fetched.Keys.FindAll(key => key.Fits(algorithm) && (keyId.Length == 0 || key.Id == keyId));

    private async Task<Fetched> FetchAsync(Fetched? seen, CancellationToken ct)
    {
        await _fetching.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (_fetched is { } other && (!ReferenceEquals(other, seen) || now - _triedAt < Pause))
            {
                return other;
            }

            if (now - _triedAt < Pause)
            {
                throw new SignInUnavailableException("The keys of the identity provider could not be fetched a moment ago.");
            }

            _triedAt = now;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                using var answer = await client.AskAsync(request, ct).ConfigureAwait(false);
                _fetched = new Fetched(now, Read(answer.RootElement));
            }
            catch (SignInUnavailableException) when (_fetched is { } old && now - old.At < UsableFor)
            {
                // Signatures of known keys can still be checked.
            }

            return _fetched!;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private static List<SigningKey> Read(JsonElement set) =>
        set.ValueKind == JsonValueKind.Object && set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Take(MostKeys).Select(SigningKey.Read).OfType<SigningKey>()]
            : [];

    private sealed record Fetched(DateTimeOffset At, List<SigningKey> Keys);
}
