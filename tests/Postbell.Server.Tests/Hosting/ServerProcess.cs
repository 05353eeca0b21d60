using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Postbell.Server.Tests.Hosting;

/// <summary>The built program as a process of its own: <c>postbell up --json</c> on a data folder and a port offset.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ServerProcess(Process process, string data, int offset) => (_process, Data, Offset) = (process, data, offset);

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "postbell");

    public string Data { get; }

    public int Offset { get; }

    /// <summary>The ready line as it came.</summary>
    public string ReadyLine { get; private set; } = "";

    public JsonElement Ready => JsonSerializer.Deserialize<JsonElement>(ReadyLine);

    public string Web => Ready.GetProperty("web").GetString()!;

    public string Token => Ready.GetProperty("admin_token").GetString()!;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static async Task<ServerProcess> StartAsync(string data, int? offset = null)
    {
        var chosen = offset ?? FreeOffset();
        var server = new ServerProcess(Launch("up", "--data", data, "--port-offset", $"{chosen}", "--json"), data, chosen);
        server._process.ErrorDataReceived += (_, line) => server.Note(line.Data);
        server._process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(s_limit);
        server.ReadyLine = await server._process.StandardOutput.ReadLineAsync(limit.Token)
            ?? throw new InvalidOperationException($"the server ended before it was ready:\n{server.Errors}");
        return server;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string? input, params string[] arguments)
    {
        using var process = Launch(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_limit);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>A command against this server; fails the test unless it succeeds.</summary>
    public async Task<string> CommandAsync(string? input, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(input, [.. arguments, "--data", Data]);
        code.ShouldBe(0, errors);
        return output;
    }

    public async Task<int> StopAsync()
    {
        Terminate();
        return await ExitAsync();
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => _ = Kill(_process.Id, SigTerm);

    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public HttpClient CreateClient(string? token)
    {
        var http = new HttpClient { BaseAddress = new Uri(Web) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return http;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>An offset at which the fixed ports are free at this moment.</summary>
    public static int FreeOffset()
    {
        while (true)
        {
            var offset = Random.Shared.Next(3000, 5500);
            if (new[] { 5060, 5061, 1143, 1993, 8080 }.All(port => IsFree(port + offset)))
            {
                return offset;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Process Launch(params string[] arguments) => Process.Start(new ProcessStartInfo(Program, arguments)
    {
        UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    private void Note(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
