using System.Diagnostics;
using System.Net;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>A telephone played by sipp: one of the scenarios in <c>sipp/</c> that wait for calls, for as many as come.</summary>
public sealed class SippPhone : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Process _process;
    private readonly Task _reading;

    public SippPhone(string scenario)
    {
        var port = LocalPorts.Run(6);
        Address = new IPEndPoint(IPAddress.Loopback, port);
        _process = ExternalProgram.Start(
            "sipp",
            [
                "-sf", Path.Combine(AppContext.BaseDirectory, "sipp", $"{scenario}.xml"), "-i", "127.0.0.1", "-p", $"{port}", "-mp", $"{port + 2}", "-nostdin", "-timeout", "90s",
                "-trace_msg", "-message_file", "messages.log",
            ],
            _folder.Path,
            ("TERM", "dumb"));
        _reading = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    public IPEndPoint Address { get; }

    /// <summary>Waits for a message that has all of these words.</summary>
    public Task ReceivesAsync(TimeSpan within, params string[] words) =>
        Deadline.UntilAsync(() => Messages().Any(m => words.All(w => m.Contains(w, StringComparison.Ordinal))), within, () => $"{string.Join(", ", words)} among:\n{string.Join("\n", Messages())}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
        _folder.Dispose();
    }

    private string[] Messages()
    {
        var log = _folder.File("messages.log");
        return File.Exists(log) ? File.ReadAllText(log).Split("-----------------------------------------------") : [];
    }
}
