using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>What a token must say to be good here, whoever vouches for its words (RFC 7519 section 4.1).</summary>
internal static class TokenClaims
{
    /// <summary>Judges claims. An answer of introspection may leave out issuer, audience and expiry; what it says must fit nevertheless.</summary>
    public static TokenVerdict Judge(JsonElement claims, TokenOptions options, DateTimeOffset now, bool all)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return new TokenVerdict(TokenProblem.Malformed);
        }

        var (issuer, expires, notBefore) = (Text(claims, "iss"), Time(claims, "exp"), Time(claims, "nbf"));
        var user = Text(claims, options.UserClaim);
        var problem = (all || claims.TryGetProperty("iss", out _)) && issuer != options.Issuer ? TokenProblem.WrongIssuer
            : (all || claims.TryGetProperty("aud", out _)) && !IsFor(claims, options.Audience) ? TokenProblem.WrongAudience
            : (all || claims.TryGetProperty("exp", out _)) && !(expires + options.ClockSkew > now) ? TokenProblem.Expired
            : claims.TryGetProperty("nbf", out _) && !(notBefore - options.ClockSkew <= now) ? TokenProblem.NotYetValid
            : options.Scope is { } scope && !Scopes(claims).Contains(scope, StringComparer.Ordinal) ? TokenProblem.MissingScope
            : string.IsNullOrEmpty(user) ? TokenProblem.NoUser
            : TokenProblem.None;
        return problem == TokenProblem.None ? new TokenVerdict(problem, user!, expires ?? DateTimeOffset.MaxValue) : new TokenVerdict(problem);
    }

    /// <summary>Parses JSON of a peer; null when it is none.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text; null when it is not there or none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Safe(value) : null;

    // Escapes of half a surrogate pair are JSON, but no text.
    private static string? Safe(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsFor(JsonElement claims, string audience) => claims.TryGetProperty("aud", out var value) && value.ValueKind switch
    {
        JsonValueKind.String => Safe(value) == audience,
        JsonValueKind.Array => value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && Safe(one) == audience),
        _ => false,
    };

    // "scope" of RFC 8693 and 7662 is a text, "scp" of some providers a list or a text.
    private static IEnumerable<string> Scopes(JsonElement claims)
    {
        foreach (var name in new[] { "scope", "scp" })
        {
            if (!claims.TryGetProperty(name, out var value))
            {
                continue;
            }

            var texts = value.ValueKind switch
            {
                JsonValueKind.String => [Safe(value)],
                JsonValueKind.Array => value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(Safe),
                _ => [],
            };
            foreach (var word in texts.OfType<string>().SelectMany(static text => text.Split(' ')))
            {
                yield return word;
            }
        }
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and < 253_402_300_000 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
}
