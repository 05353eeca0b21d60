using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Server;

/// <summary>A real server process with a data folder and ports of its own, driven only through its doors.</summary>
public sealed partial class PostbellServer : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private static readonly Lazy<Task<PostbellServer>> FirstStart = new(StartOnceAsync);

    private readonly TemporaryDirectory _data = new();
    private readonly int _offset = PortOffset.Reserve();
    private readonly StringBuilder _errors = new();
    private Process? _process;

    private PostbellServer()
    {
    }

    /// <summary>What stands in the section <c>organization</c> for one dial plan whose callers come from this machine.</summary>
    public const string LoopbackOrganization =
        """
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Loopback
              address: loopback
              dialPlan: Demo
        """;

    public string DataFolder => _data.Path;

    public ReadyReport Ready { get; private set; } = null!;

    /// <summary>The certificate the server shows its clients; its key stands in the same file.</summary>
    public string CertificateFile => Path.Combine(DataFolder, "tls.pem");

    private DirectoryInfo Logs => System.IO.Directory.CreateDirectory(Path.Combine(DataFolder, "logs"));

    public int ProcessId => _process!.Id;

    public bool Runs => _process is { HasExited: false };

    /// <summary>What the process has said on its error output, in all its lives.</summary>
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

    public static async Task<PostbellServer> StartAsync()
    {
        var server = new PostbellServer();
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A server that does not run yet, with people, passwords and rendered prompts as a first start leaves them: made once, and copied for each. It is to be
    /// launched with a configuration.
    /// </summary>
    public static async Task<PostbellServer> PrepareAsync()
    {
        var first = await FirstStart.Value;
        var server = new PostbellServer();
        foreach (var file in new DirectoryInfo(first.DataFolder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(server.DataFolder, Path.GetRelativePath(first.DataFolder, file.FullName));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }

        // What the first start said is nothing that this one said.
        server.Logs.Delete(recursive: true);
        server.Ready = first.Ready.At(server._offset - first._offset);
        return server;
    }

    /// <summary>The end of what <see cref="PrepareAsync"/> copies from.</summary>
    public static async Task ForgetFirstStartAsync()
    {
        if (FirstStart.IsValueCreated && FirstStart.Value.IsCompletedSuccessfully)
        {
            await (await FirstStart.Value).DisposeAsync();
        }
    }

    /// <summary>Starts the process again on the same data folder and the same ports.</summary>
    public Task LaunchAgainAsync() => LaunchAsync();

    /// <summary>
    /// Starts the production command on the same data folder and ports, with a configuration file like the demo's but for what is given here.
    /// </summary>
    public Task LaunchConfiguredAsync(string audioCodec, int gatewayPort, string gatewayAddress = "loopback", string gatewayKeys = "") => LaunchWithAsync(
        $"""
          listen: ["{Ready.Sip}"]
        """,
        $"""
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
              audioCodec: {audioCodec}
              levelRecordings: false
              trimSilence: false
          gateways:
            - name: Loopback
              address: {gatewayAddress}
              port: {gatewayPort}
              dialPlan: Demo
              {gatewayKeys}
        """);

    /// <summary>Starts the production command on the same data folder and ports.</summary>
    /// <param name="sip">What stands in the section <c>sip</c>, indented by two.</param>
    /// <param name="organization">What stands in the section <c>organization</c>, indented by two.</param>
    /// <param name="imapTls">Where mail programs find TLS at once, or nothing.</param>
    /// <param name="more">Further sections.</param>
    public async Task LaunchWithAsync(string sip, string organization, string imapTls = "", string more = "")
    {
        var file = Path.Combine(DataFolder, "postbell.yaml");
        await File.WriteAllTextAsync(
            file,
            $"""
            data: {DataFolder}
            drainTime: 1s
            sip:
            {sip}
            media:
              firstPort: {(20000 + _offset + 1) & ~1}
              lastPort: {29999 + _offset}
            imap:
              listen: ["{Ready.Imap}"]
              listenTls: [{imapTls}]
            web:
              listen: ["{Ready.Web.Host}:{Ready.Web.Port}"]
            organization:
            {organization}
            {more}

            """);
        Launch(["serve", "--config", file], _ => { });
        using var http = new HttpClient();
        await Deadline.UntilAsync(() => IsReadyAsync(http), StartLimit, $"readiness of the configured server; it said:\n{Errors}");
        await PromptsAsync();
    }

    /// <summary>Waits until the prompts are rendered: before that, callers hear a tone in their place.</summary>
    public Task PromptsAsync() => Deadline.UntilAsync(
        () => Logs.EnumerateFiles().Any(log => File.ReadAllText(log.FullName).Contains("prompts are ready", StringComparison.Ordinal)), StartLimit, () => $"prompts; it said:\n{Errors}");

    /// <summary>kill -9: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks for a clean end, as a service manager does.</summary>
    public async Task<int> StopAsync()
    {
        Signal(_process!.Id, SigTerm);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Runs the product's own command line against this server.</summary>
    public Task<ProgramResult> CommandAsync(params string[] arguments) =>
        ExternalProgram.RunAsync(Repository.ServerProgram, [.. arguments, "--data", DataFolder], TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        if (Runs)
        {
            await KillAsync();
        }

        _process?.Dispose();
        _data.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);

    private static async Task<PostbellServer> StartOnceAsync()
    {
        var server = await StartAsync();
        await server.PromptsAsync();
        // Names are rendered in the first call to each.
        await Task.WhenAll(HearAsync(server, "1001"), HearAsync(server, "1002"), HearAsync(server, "1003"));
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        return server;
    }

    private static async Task HearAsync(PostbellServer server, string number)
    {
        await using var phone = new TestPhone(server.Ready.Sip);
        await using var call = await phone.CallAsync(number);
        await call.HearBeepAsync();
        await call.HangUpAsync();
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(number));
        var note = await mailbox.WaitForCallAsync(call.CallId);
        await mailbox.RemoveAsync(note.Uid);
    }

    private async Task LaunchAsync()
    {
        var ready = new TaskCompletionSource<ReadyReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        Launch(["up", "--data", DataFolder, "--port-offset", $"{_offset}", "--json"], line => OnOutput(line, ready));
        using var limit = new CancellationTokenSource(StartLimit);
        var ended = _process!.WaitForExitAsync(limit.Token);
        if (await Task.WhenAny(ready.Task, ended) != ready.Task)
        {
            throw new InvalidOperationException($"the server was not ready within {StartLimit.TotalSeconds} s or ended early:\n{Errors}");
        }

        Ready = await ready.Task;
    }

    private void Launch(IEnumerable<string> arguments, Action<string?> onOutput)
    {
        if (!File.Exists(Repository.ServerProgram))
        {
            throw new FileNotFoundException($"the server is not built: {Repository.ServerProgram} (dotnet build -c Release)");
        }

        _process?.Dispose();
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Repository.ServerProgram, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
                WorkingDirectory = Repository.Root,
            },
        };
        _process.OutputDataReceived += (_, e) => onOutput(e.Data);
        _process.ErrorDataReceived += (_, e) => OnError(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<object?> IsReadyAsync(HttpClient http)
    {
        Runs.ShouldBeTrue($"the server ended:\n{Errors}");
        try
        {
            using var answer = await http.GetAsync(new Uri(Ready.Web, "/readyz"));
            return answer.IsSuccessStatusCode ? answer : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private void OnOutput(string? line, TaskCompletionSource<ReadyReport> ready)
    {
        try
        {
            if (line is not null && ReadyReport.TryRead(line) is { } report)
            {
                ready.TrySetResult(report);
            }
        }
        catch (Exception e)
        {
            ready.TrySetException(new InvalidOperationException($"cannot read the ready line: {line}", e));
        }
    }

    private void OnError(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }
}
