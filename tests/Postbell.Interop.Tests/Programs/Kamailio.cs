using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>Kamailio as the proxy of an office (<c>kamailio/diverting_proxy.cfg</c>): telephones register, and what they do not answer goes to Postbell.</summary>
public sealed class Kamailio : IAsyncDisposable
{
    /// <summary>The name in its certificate.</summary>
    public const string HostName = "pbx.postbell.test";

    private readonly TemporaryDirectory _folder = new();
    private readonly int _ports = LocalPorts.Run(4);
    private Process? _process;
    private Task<string[]> _said = Task.FromResult<string[]>([]);

    private Kamailio()
    {
    }

    /// <summary>UDP and TCP.</summary>
    public IPEndPoint Sip => new(IPAddress.Loopback, _ports);

    public int TlsPort => _ports + 2;

    /// <summary>Chooses its ports; nothing runs before <see cref="StartAsync"/>.</summary>
    public static Kamailio Prepare() => new();

    /// <param name="voiceMail">Where it sends what was not answered.</param>
    /// <param name="transport">udp, tcp or tls: how.</param>
    /// <param name="authority">For tls: both sides must show a certificate of it.</param>
    /// <param name="digest">Credentials that both sides demand of each other; null for none.</param>
    public async Task StartAsync(IPEndPoint voiceMail, string transport, CertificateAuthority? authority = null, TrunkDigest? digest = null)
    {
        List<string> arguments =
        [
            "-DD", "-E", "-f", Path.Combine(AppContext.BaseDirectory, "kamailio", "diverting_proxy.cfg"), "-Y", _folder.Path, "-w", _folder.Path, "-m", "32", "-M", "4",
            "-A", $"LISTEN={Sip}", "-A", $"VOICEMAIL=\"sip:{voiceMail};transport={transport}\"", "-A", $"PILOT=\"sip:5000@{voiceMail}\"",
        ];
        if (authority is not null)
        {
            await File.WriteAllTextAsync(_folder.File("tls.cfg"), TlsConfiguration(authority));
            arguments.AddRange(["-A", "WITH_TLS", "-A", $"TLSLISTEN=127.0.0.1:{TlsPort}", "-A", $"TLSFILE=\"{_folder.File("tls.cfg")}\""]);
        }

        if (digest is not null)
        {
            arguments.AddRange(["-A", "WITH_DIGEST", "-A", $"VOICEMAILPORT={voiceMail.Port}", "-A", $"ALGORITHM=\"{digest.Algorithm}\"", "-A", $"REALM=\"{TrunkDigest.Realm}\""]);
            arguments.AddRange(["-A", $"SECRET=\"{TrunkDigest.Secret}\"", "-A", $"CREDENTIAL=\"{TrunkDigest.User}:{TrunkDigest.RealmOfVoiceMail}:{TrunkDigest.Secret}\""]);
        }

        _process = ExternalProgram.Start("kamailio", arguments, _folder.Path);
        // What it prints must be read, or it stops when the pipe is full.
        _said = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        await Deadline.UntilAsync(ListensAsync, TimeSpan.FromSeconds(15), "kamailio");
    }

    /// <summary>Makes a telephone known that does not register itself.</summary>
    public async Task RegisterAsync(string number, IPEndPoint telephone)
    {
        await using var registrar = new TestPhone(Sip);
        var registered = await registrar.AskAsync("REGISTER", number, $"register-{number}", 1, "Expires: 600\r\n", contact: $"<sip:{number}@{telephone}>");
        registered.Status.ShouldBe(200);
    }

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

        TestContext.Current.AddAttachment("kamailio", string.Join('\n', await _said));
        _folder.Dispose();
    }

    private static string TlsConfiguration(CertificateAuthority authority)
    {
        var (certificate, key) = authority.Issue(HostName);
        var profile =
            $"""
            method = TLSv1.2+
            verify_certificate = yes
            require_certificate = yes
            certificate = {certificate}
            private_key = {key}
            ca_list = {authority.CertificateFile}

            """;
        return $"[server:default]\n{profile}\n[client:default]\n{profile}";
    }

    private async Task<object?> ListensAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"kamailio ended:\n{string.Join('\n', await _said)}");
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Sip);
            return client;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
