using System.Diagnostics;
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
    private readonly StringBuilder _output = new();
    private readonly int _ports = LocalPorts.Run(8);
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    private Linphone()
    {
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="microphone">What the caller says, from the beginning of the call.</param>
    /// <param name="codec">The only one it offers, in the form <c>PCMU/8000/1</c>.</param>
    /// <param name="user">The number it calls from.</param>
    /// <param name="encryption"><c>srtp</c> or <c>none</c>.</param>
    /// <param name="keys">How it sends keys.</param>
    public static async Task<Linphone> StartAsync(Pcm microphone, string codec, string user, string encryption = "none", KeyForm keys = KeyForm.Events)
    {
        var phone = new Linphone();
        await phone.LaunchAsync(microphone, codec, user, encryption, keys);
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

    /// <summary>A digit; the others cannot be typed.</summary>
    public async Task PressAsync(char digit)
    {
        await CommandAsync($"{digit}");
        // It sends no second INFO before it has read the answer to the first, which it does late.
        await Task.Delay(2500);
    }

    public Task WaitForAsync(string what, TimeSpan? within = null) =>
        Deadline.UntilAsync(() => Output.Contains(what, StringComparison.OrdinalIgnoreCase), within ?? TimeSpan.FromSeconds(20), $"{what} in the output of linphonec:\n{Output}");

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

    private async Task LaunchAsync(Pcm microphone, string codec, string user, string encryption, KeyForm keys)
    {
        // Both must exist, or linphone opens no transport.
        System.IO.Directory.CreateDirectory(_folder.File("home/.local/share/linphone"));
        System.IO.Directory.CreateDirectory(_folder.File("home/.config/linphone"));
        await File.WriteAllBytesAsync(_folder.File("says.wav"), microphone.ToWav());
        await File.WriteAllTextAsync(_folder.File("rc"), Configuration(codec, user, encryption, keys));
        _process = ExternalProgram.Start(
            "linphonec", ["-c", _folder.File("rc"), "-l", _folder.File("log")], _folder.Path, ("HOME", _folder.File("home")));
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        // Commands that come before the prompt are lost.
        await WaitForAsync("linphonec>");
        await CommandAsync("soundcard use files");
        await CommandAsync($"play {_folder.File("says.wav")}");
        await CommandAsync($"record {_folder.File("hears.wav")}");
    }

    private async Task ReadAsync(StreamReader from)
    {
        var buffer = new char[4096];
        int length;
        while ((length = await from.ReadAsync(buffer)) > 0)
        {
            lock (_output)
            {
                _output.Append(buffer, 0, length);
            }
        }
    }

    private string Configuration(string codec, string user, string encryption, KeyForm keys)
    {
        // bind_address: it would offer an address that other machines see, and send from this one.
        var text = new StringBuilder(
            $"""
            [sip]
            sip_port={_ports}
            sip_tcp_port={_ports}
            sip_tls_port={_ports + 2}
            guess_hostname=0
            contact="{user}" <sip:{user}@127.0.0.1:{_ports}>
            verify_server_certs=0
            verify_server_cn=0
            ipv6_migration_done=1
            use_ipv6=0
            media_encryption={encryption}
            use_rfc2833={(keys == KeyForm.Events ? 1 : 0)}
            use_info={(keys == KeyForm.Info ? 1 : 0)}
            [rtp]
            audio_rtp_port={_ports + 4}
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
