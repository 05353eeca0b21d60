using System.Net;
using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>Asks the identity provider over HTTP: in bounded time, for answers of bounded size, and never anybody else it may point to.</summary>
internal sealed class ProviderClient : IDisposable
{
    private const int LargestAnswer = 256 * 1024;

    private readonly HttpClient _http;

    public ProviderClient(TimeSpan patience) => _http = new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = patience, MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>One request; its answer must be JSON.</summary>
    /// <exception cref="SignInUnavailableException">There was no such answer.</exception>
    public async Task<JsonDocument> AskAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new SignInUnavailableException($"The identity provider at {request.RequestUri} answered {(int)response.StatusCode}.");
            }

            return TokenClaims.Parse(await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false))
                ?? throw new SignInUnavailableException($"What the identity provider at {request.RequestUri} answered is no JSON.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new SignInUnavailableException($"The identity provider at {request.RequestUri} does not answer: {fault.Message}", fault);
        }
    }

    public void Dispose() => _http.Dispose();
}
