using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Postbell.Server.Commands;
using Postbell.Server.Hosting;
using Postbell.Server.Http;

namespace Postbell.Server.Client;

/// <summary>Talks to a running server: over the socket in its data folder, or over HTTP with the token.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _where;

    private AdminClient(HttpClient http, string where) => (_http, _where) = (http, where);

    /// <summary>Finds the server of a data folder, without asking it anything yet.</summary>
    /// <exception cref="CommandFailedException">No server runs on the folder, or its files cannot be read.</exception>
    public static AdminClient ForData(string folder)
    {
        var layout = new DataLayout(folder);
        if (layout.AdminSocketFits && File.Exists(layout.AdminSocket))
        {
            var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(layout.AdminSocket, cancellation) };
            return new AdminClient(new HttpClient(handler) { BaseAddress = new Uri("http://localhost/") }, layout.AdminSocket);
        }

        if (File.Exists(layout.Running) && RunningFile.Read(layout).Web is { } web)
        {
            return ForServer(web, layout.AdminToken);
        }

        throw new CommandFailedException($"no server runs on the data folder {layout.Root} (postbell up starts one; --data names another folder)");
    }

    /// <summary>A server by its address; the token comes from a file, never from the command line.</summary>
    /// <exception cref="CommandFailedException">The address or the token's file is unusable.</exception>
    public static AdminClient ForServer(string address, string? tokenFile)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new CommandFailedException($"\"{address}\" is no http or https address", ExitCode.Usage);
        }

        var http = new HttpClient { BaseAddress = uri };
        try
        {
            var token = tokenFile is null ? Environment.GetEnvironmentVariable("POSTBELL_TOKEN") : File.ReadAllText(tokenFile).Trim();
            http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return new AdminClient(http, address);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            http.Dispose();
            throw new CommandFailedException($"cannot read the token: {fault.Message}");
        }
    }

    /// <summary>One request; the answer's JSON as it came.</summary>
    /// <exception cref="CommandFailedException">The server cannot be reached, or says no: the message says why.</exception>
    public Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation) => AskAsync(
        method, path, content, async answer => answer.Headers.ContentLength == 0 ? default : await answer.ReadFromJsonAsync<JsonElement>(cancellation), cancellation);

    /// <summary>A GET of what is no JSON.</summary>
    public Task<byte[]> GetBytesAsync(string path, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Get, path, null, answer => answer.ReadAsByteArrayAsync(cancellation), cancellation);

    private async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, Func<HttpContent, Task<T>> read, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw new CommandFailedException(await ExplainAsync(response, cancellation));
            }

            return await read(response.Content);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException)
        {
            throw new CommandFailedException($"the server at {_where} does not answer: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    /// <summary>A GET.</summary>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    /// <summary>A request with a JSON body.</summary>
    public Task<JsonElement> SendJsonAsync<T>(HttpMethod method, string path, T body, CancellationToken cancellation) =>
        SendAsync(method, path, JsonContent.Create(body, options: Json.Options), cancellation);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return "the server wants the administration token (--token FILE, or POSTBELL_TOKEN)";
        }

        if (response.Content.Headers.ContentType?.MediaType == Problem.MediaType)
        {
            var problem = await response.Content.ReadFromJsonAsync<Problem>(Json.Options, cancellation);
            return problem?.Detail ?? problem?.Title ?? $"the server answered {(int)response.StatusCode}";
        }

        return $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}
