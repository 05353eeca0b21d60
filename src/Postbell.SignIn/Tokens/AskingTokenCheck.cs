using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>Asks the provider about each token (introspection, RFC 7662). Good answers hold a short time, so that a client with many connections asks once.</summary>
internal sealed class AskingTokenCheck(TokenOptions options, TimeProvider time) : ITokenCheck
{
    private const int LongestToken = 16 * 1024;
    private const int MostAnswers = 5_000;

    private readonly ProviderClient _client = new(options.Patience);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TokenVerdict Verdict, DateTimeOffset Until)> _answers = new(StringComparer.Ordinal);

    public async Task<TokenVerdict> CheckAsync(string token, CancellationToken ct)
    {
        if (token.Length is 0 or > LongestToken)
        {
            return new TokenVerdict(TokenProblem.Malformed);
        }

        // Tokens themselves are not kept.
        var mark = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var now = time.GetUtcNow();
        if (Remembered(mark, now) is { } known)
        {
            return known;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, options.Introspection)
        {
            Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]),
        };
        var credentials = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret())}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await _client.AskAsync(request, ct).ConfigureAwait(false);
        var verdict = answer.RootElement.ValueKind == JsonValueKind.Object
            && answer.RootElement.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True
                ? TokenClaims.Judge(answer.RootElement, options, now, all: false)
                : new TokenVerdict(TokenProblem.Inactive);
        if (verdict.Problem == TokenProblem.None)
        {
            Remember(mark, verdict, now);
        }

        return verdict;
    }

    public void Dispose() => _client.Dispose();

    private TokenVerdict? Remembered(string mark, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(mark, out var answer) && now < answer.Until ? answer.Verdict : null;
        }
    }

    private void Remember(string mark, TokenVerdict verdict, DateTimeOffset now)
    {
        var until = now + options.AnswerKeptFor;
        lock (_gate)
        {
            if (_answers.Count >= MostAnswers)
            {
                _answers.Clear();
            }

            _answers[mark] = (verdict, verdict.ExpiresAt < until ? verdict.ExpiresAt : until);
        }
    }
}
