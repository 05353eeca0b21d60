namespace Postbell.SignIn.Tokens;

/// <summary>Says whether a token is good: by keys, or by asking.</summary>
internal interface ITokenCheck : IDisposable
{
    /// <summary>Looks at a token.</summary>
    /// <exception cref="SignInUnavailableException">It cannot be said now.</exception>
    Task<TokenVerdict> CheckAsync(string token, CancellationToken ct);
}
