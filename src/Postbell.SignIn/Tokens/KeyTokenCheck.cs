using System.Text;
using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>
/// Checks signed tokens (JWT, RFC 7519 and 7515) by the provider's public keys. Only signatures with key pairs are taken, and a key only for the algorithms of
/// its kind, so that no public key is ever used as a shared secret (RFC 8725 sections 3.1 and 3.2).
/// </summary>
internal sealed class KeyTokenCheck : ITokenCheck
{
    private const int LongestToken = 16 * 1024;

    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ProviderClient _client;
    private readonly ProviderKeys _keys;

    public KeyTokenCheck(TokenOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _client = new ProviderClient(options.Patience);
        _keys = new ProviderKeys(options.Keys!, options, _client, time);
    }

    public async Task<TokenVerdict> CheckAsync(string token, CancellationToken ct)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var head, var body, var signed]
            || Base64UrlText.Decode(head) is not { } header || Base64UrlText.Decode(body) is not { } payload || Base64UrlText.Decode(signed) is not { } signature)
        {
            return new TokenVerdict(TokenProblem.Malformed);
        }

        using var parsed = TokenClaims.Parse(header);
        if (Problem(parsed?.RootElement, out var algorithm, out var keyId) is var problem and not TokenProblem.None)
        {
            return new TokenVerdict(problem);
        }

        var keys = await _keys.FindAsync(keyId, algorithm, ct).ConfigureAwait(false);
        if (keys.Count == 0)
        {
            return new TokenVerdict(TokenProblem.UnknownKey);
        }

        var data = Encoding.ASCII.GetBytes($"{head}.{body}");
        if (!keys.Any(key => key.Verifies(algorithm, data, signature)))
        {
            return new TokenVerdict(TokenProblem.BadSignature);
        }

        using var claims = TokenClaims.Parse(payload);
        return claims is null ? new TokenVerdict(TokenProblem.Malformed) : TokenClaims.Judge(claims.RootElement, _options, _time.GetUtcNow(), all: true);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _client.Dispose();
    }

    private static TokenProblem Problem(JsonElement? header, out string algorithm, out string keyId)
    {
        (algorithm, keyId) = ("", "");
        if (header is not { ValueKind: JsonValueKind.Object } fields)
        {
            return TokenProblem.Malformed;
        }

        algorithm = TokenClaims.Text(fields, "alg") ?? "";
        keyId = TokenClaims.Text(fields, "kid") ?? "";
        return algorithm is not ("RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512") ? TokenProblem.AlgorithmNotAllowed
            : fields.TryGetProperty("crit", out _) ? TokenProblem.CriticalExtension
            : TokenProblem.None;
    }
}
