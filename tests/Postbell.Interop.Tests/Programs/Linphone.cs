using System.Diagnostics;
using System.Net;
using System.Text;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>linphonec: Linphone without a screen, driven over its standard input; its microphone is a WAV file.</summary>
public sealed class Linphone : IAsyncDisposable
{
    private static readonly string[] Codecs = ["opus/48000/2", "speex/16000/1", "speex/8000/1", "PCMU/8000/1", "PCMA/8000/1", "GSM/8000/1", "G722/8000/1", "G729/8000/1"];

    private readonly TemporaryDirectory _folder = new();
    private readonly SaidText _output = new();
    private readonly int _ports = LocalPorts.Run(8);
    private int _files;
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    private Linphone()
    {
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, _ports);

    public string Output => _output.ToString();

    /// <param name="microphone">What the caller says, from the beginning of the call.</param>
    /// <param name="codec">The only one it offers, in the form <c>PCMU/8000/1</c>.</param>
    /// <param name="user">The number it calls from.</param>
    /// <param name="encryption"><c>srtp</c> or <c>none</c>.</param>
    /// <param name="keys">How it sends keys.</param>
    /// <param name="answers">Answers calls by itself.</param>
    /// <param name="credentials">The realm in which it shows name and password of <see cref="TrunkDigest"/>, and the hash; null for a telephone without.</param>
    /// <param name="proxy">Where it registers and sends its calls to; null for a telephone on its own.</param>
    public static async Task<Linphone> StartAsync(
        Pcm microphone, string codec, string user, string encryption = "none", KeyForm keys = KeyForm.Events, bool answers = false, IPEndPoint? proxy = null,
        (string Realm, string Algorithm)? credentials = null)
    {
        var phone = new Linphone();
        await phone.LaunchAsync(microphone, Configuration(phone._ports, codec, user, encryption, keys) + Proxy(user, proxy) + Credentials(credentials), answers);
        return phone;
    }

    /// <summary>Commands of linphonec: call, pause, resume, transfer, terminate; a single digit is a key.</summary>
    public async Task CommandAsync(string command)
    {
        await _process!.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        // It loses a line that comes while it handles another, and says of none that it was done.
        await Task.Delay(300);
    }

    /// <summary>Another microphone file: it counts from the next time that the audio begins, as after a pause.</summary>
    public async Task SayAsync(Pcm microphone)
    {
        var file = _folder.File($"says-{++_files}.wav");
        await File.WriteAllBytesAsync(file, microphone.ToWav());
        await CommandAsync($"play {file}");
    }

    /// <summary>A digit; the others cannot be typed.</summary>
    public async Task PressAsync(char digit)
    {
        await CommandAsync($"{digit}");
        // It sends no second INFO before it has read the answer to the first, which it does late.
        await Task.Delay(2500);
    }

    public Task WaitForAsync(string what, TimeSpan? within = null) =>
        Deadline.UntilAsync(() => Output.Contains(what, StringComparison.OrdinalIgnoreCase), within ?? TimeSpan.FromSeconds(20), () => $"{what} in the output of linphonec:\n{Output}");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process?.Dispose();
        _folder.Dispose();
    }

    private async Task LaunchAsync(Pcm microphone, string configuration, bool answers)
    {
        // Both must exist, or linphone opens no transport.
        System.IO.Directory.CreateDirectory(_folder.File("home/.local/share/linphone"));
        System.IO.Directory.CreateDirectory(_folder.File("home/.config/linphone"));
        await File.WriteAllTextAsync(_folder.File("rc"), configuration);
        string[] arguments = ["-c", _folder.File("rc"), "-l", _folder.File("log"), .. answers ? (string[])["-a"] : []];
        _process = ExternalProgram.Start("linphonec", arguments, _folder.Path, ("HOME", _folder.File("home")));
        _reading = Task.WhenAll(_output.ReadAsync(_process.StandardOutput), _output.ReadAsync(_process.StandardError));
        // Commands that come before the prompt are lost.
        await WaitForAsync("linphonec>");
        await CommandAsync("soundcard use files");
        await SayAsync(microphone);
        await CommandAsync($"record {_folder.File("hears.wav")}");
    }

    private static string Proxy(string user, IPEndPoint? proxy) => proxy is null
        ? ""
        : $"""
        [proxy_0]
        reg_proxy=<sip:{proxy}>
        reg_route=<sip:{proxy};lr>
        reg_identity="{user}" <sip:{user}@{proxy.Address}>
        reg_expires=600
        reg_sendregister=1
        publish=0

        """;

    private static string Credentials((string Realm, string Algorithm)? credentials) => credentials is not { } known
        ? ""
        : $"""
        [auth_info_0]
        username={TrunkDigest.User}
        passwd={TrunkDigest.Secret}
        realm={known.Realm}
        algorithm={known.Algorithm}
        available_algorithms={known.Algorithm}

        """;

    private static string Configuration(int ports, string codec, string user, string encryption, KeyForm keys)
    {
        // bind_address: it would offer an address that other machines see, and send from this one.
        var text = new StringBuilder(
            $"""
            [sip]
            sip_port={ports}
            sip_tcp_port={ports}
            sip_tls_port={ports + 2}
            guess_hostname=0
            default_proxy=0
            contact="{user}" <sip:{user}@127.0.0.1:{ports}>
            verify_server_certs=0
            verify_server_cn=0
            ipv6_migration_done=1
            use_ipv6=0
            media_encryption={encryption}
            use_rfc2833={(keys == KeyForm.Events ? 1 : 0)}
            use_info={(keys == KeyForm.Info ? 1 : 0)}
            [rtp]
            audio_rtp_port={ports + 4}
            audio_adaptive_jitt_comp_enabled=0
            bind_address=127.0.0.1
            [misc]
            store_friends=0
            [video]
            enabled=0

            """);
        for (var i = 0; i < Codecs.Length; i++)
        {
            var parts = Codecs[i].Split('/');
            text.Append($"[audio_codec_{i}]\nmime={parts[0]}\nrate={parts[1]}\nchannels={parts[2]}\nenabled={(Codecs[i] == codec ? 1 : 0)}\n");
        }

        return text.ToString();
    }
}
