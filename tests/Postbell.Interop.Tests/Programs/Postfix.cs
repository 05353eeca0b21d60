using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>
/// Postfix as the organization's mail server (<c>postfix/*.cf</c>): it hands mail for example.test to Postbell, takes Postbell's mail, and has Maildirs for
/// ann, bob and carol at partner.test. It runs as root only, as everywhere.
/// </summary>
public sealed class Postfix : IAsyncDisposable
{
    /// <summary>The name in its certificate.</summary>
    public const string HostName = "mx.partner.test";

    /// <summary>Who may submit to it.</summary>
    public const string User = "postbell";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _folder = new();
    private readonly int _ports = LocalPorts.Run(4);
    private Process? _process;
    private Task<string[]> _said = Task.FromResult<string[]>([]);

    private Postfix()
    {
    }

    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Takes mail from this machine.</summary>
    public int Smtp => _ports;

    /// <summary>STARTTLS and a password demanded.</summary>
    public int Submission => _ports + 1;

    /// <summary>The same within TLS.</summary>
    public int Submissions => _ports + 2;

    /// <summary>Neither CHUNKING nor PIPELINING nor DSN.</summary>
    public int Plain => _ports + 3;

    /// <summary>Chooses its ports; nothing runs before <see cref="StartAsync"/>.</summary>
    public static Postfix Prepare() => new();

    /// <param name="authority">Its certificate comes from here.</param>
    /// <param name="transports">Where mail for an address or domain goes, in Postfix' words.</param>
    public async Task StartAsync(CertificateAuthority authority, params (string For, string Transport)[] transports)
    {
        MakeFolders();
        var (certificate, key) = authority.Issue(HostName);
        var values = new Dictionary<string, string>
        {
            ["FOLDER"] = _folder.Path, ["CERTIFICATE"] = certificate, ["KEY"] = key, ["SMTP"] = $"{Smtp}", ["SUBMISSION"] = $"{Submission}",
            ["SUBMISSIONS"] = $"{Submissions}", ["PLAIN"] = $"{Plain}", ["TRANSPORT"] = string.Join(' ', transports.Select(t => $"{{ {t.For} = {t.Transport} }}")),
        };
        foreach (var file in new[] { "main.cf", "master.cf" })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "postfix", file));
            await File.WriteAllTextAsync(_folder.File(Path.Combine("etc", file)), values.Aggregate(text, (t, v) => t.Replace($"@{v.Key}@", v.Value)));
        }

        await MakePasswordAsync();
        _process = ExternalProgram.Start("postfix", ["-c", _folder.File("etc"), "start-fg"], _folder.Path);
        // What it prints must be read, or it stops when the pipe is full.
        _said = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        await Deadline.UntilAsync(ListensAsync, Limit, "postfix");
    }

    /// <summary>Stops taking mail; what it has stays.</summary>
    public async Task StopAsync()
    {
        (await ExternalProgram.RunAsync("postfix", ["-c", _folder.File("etc"), "stop"], Limit)).ShouldSucceed();
        await _process!.WaitForExitAsync();
    }

    /// <summary>The message with a subject in somebody's Maildir, waited for.</summary>
    public Task<MimePart> WaitForAsync(string person, string mark) =>
        Deadline.UntilAsync(() => Task.FromResult(Messages(person).FirstOrDefault(m => Encoding.UTF8.GetString(m).Contains(mark)) is { } found ? MimePart.Parse(ToWire(found)) : null), Limit, $"\"{mark}\" in the Maildir of {person}; the log:\n{Log}");

    /// <summary>All messages in somebody's Maildir, as they are in the files.</summary>
    public IReadOnlyList<byte[]> Messages(string person)
    {
        var folder = new DirectoryInfo(_folder.File($"mail/{person}/new"));
        return folder.Exists ? [.. folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => File.ReadAllBytes(f.FullName))] : [];
    }

    /// <summary>What it did.</summary>
    public string Log => File.Exists(_folder.File("log/mail.log")) ? File.ReadAllText(_folder.File("log/mail.log")) : "(none)";

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await _said;
        _folder.Dispose();
    }

    // Maildir files have the line ends of the machine.
    private static byte[] ToWire(byte[] message) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("\n", "\r\n"));

    private void MakeFolders()
    {
        foreach (var name in new[] { "etc/sasl", "spool", "data", "mail", "log" })
        {
            Directory.CreateDirectory(_folder.File(name));
        }
    }

    private async Task MakePasswordAsync()
    {
        await File.WriteAllTextAsync(
            _folder.File("etc/sasl/smtpd.conf"), $"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {_folder.File("etc/sasl/sasldb2")}\nmech_list: PLAIN LOGIN\n");
        // Its daemons run as other users, and some as nobody.
        string[] commands =
        [
            $"chmod -R a+rX '{_folder.Path}'",
            $"chown postfix '{_folder.File("data")}'", $"chown nobody:nogroup '{_folder.File("mail")}'", $"touch '{_folder.File("log/mail.log")}'",
            $"printf %s '{Password}' | saslpasswd2 -c -p -f '{_folder.File("etc/sasl/sasldb2")}' -u {HostName} {User}", $"chown postfix '{_folder.File("etc/sasl/sasldb2")}'",
        ];
        (await ExternalProgram.RunAsync("sh", ["-ec", string.Join('\n', commands)], Limit)).ShouldSucceed();
    }

    private async Task<object?> ListensAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"postfix ended (it starts as root only):\n{string.Join('\n', await _said)}\n{Log}");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Plain);
            return client;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
