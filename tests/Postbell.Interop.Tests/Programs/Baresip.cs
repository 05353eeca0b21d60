using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>A baresip without a screen, driven over its control port; its microphone is a WAV file.</summary>
public sealed class Baresip : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly StringBuilder _events = new();
    private readonly int _ports = LocalPorts.Run(24);
    private int _rate = Pcm.Rate;
    private Process? _process;
    private TcpClient? _control;
    private Task _reading = Task.CompletedTask;

    private Baresip()
    {
    }

    public string Events
    {
        get
        {
            lock (_events)
            {
                return _events.ToString();
            }
        }
    }

    /// <param name="microphone">What the caller says, from the beginning of the call.</param>
    /// <param name="codecs">What it offers.</param>
    /// <param name="user">The number it calls from.</param>
    /// <param name="encryption">Its <c>mediaenc</c>: <c>srtp-mand</c> for nothing but SRTP; null for none.</param>
    /// <param name="rate">Sample rate of its microphone: its own change of the rate to that of a wideband codec takes the upper kilohertz away.</param>
    public static async Task<Baresip> StartAsync(
        Pcm microphone, string codecs = "PCMU/8000/1,PCMA/8000/1", string user = "baresip", string? encryption = null, int rate = Pcm.Rate)
    {
        var phone = new Baresip { _rate = rate };
        var account = $"<sip:{user}@127.0.0.1:{phone._ports}>;regint=0;audio_codecs={codecs}{(encryption is null ? "" : $";mediaenc={encryption}")}\n";
        await phone.LaunchAsync(microphone, account);
        return phone;
    }

    /// <summary>Commands of baresip's menu: dial, hangup, sndcode ...</summary>
    public async Task CommandAsync(string command, string parameter = "")
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { command, @params = parameter, token = "t" });
        await _control!.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{json.Length}:"), .. json, (byte)',']);
    }

    public Task WaitForAsync(string what, TimeSpan? within = null) =>
        Deadline.UntilAsync(() => Events.Contains(what, StringComparison.Ordinal), within ?? TimeSpan.FromSeconds(15), $"{what} among the events of baresip:\n{Events}");

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process?.Dispose();
        _folder.Dispose();
    }

    private async Task LaunchAsync(Pcm microphone, string account)
    {
        await File.WriteAllBytesAsync(_folder.File("said.wav"), microphone.ToWav());
        (await ExternalProgram.RunAsync(
            "sox", [_folder.File("said.wav"), "-r", _rate.ToString(CultureInfo.InvariantCulture), _folder.File("says.wav")], TimeSpan.FromSeconds(30))).ShouldSucceed();
        await File.WriteAllTextAsync(_folder.File("contacts"), "");
        await File.WriteAllTextAsync(_folder.File("accounts"), account);
        await File.WriteAllTextAsync(_folder.File("config"), Configuration());
        _process = ExternalProgram.Start("baresip", ["-f", _folder.Path], _folder.Path);
        // What it prints must be read, or it stops when the pipe is full.
        _reading = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        _control = await Deadline.UntilAsync(ConnectAsync, TimeSpan.FromSeconds(15), "baresip's control port");
        _reading = Task.WhenAll(_reading, ReadEventsAsync(_control));
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _ports + 2);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    private async Task ReadEventsAsync(TcpClient control)
    {
        var buffer = new byte[8192];
        try
        {
            int length;
            while ((length = await control.GetStream().ReadAsync(buffer)) > 0)
            {
                lock (_events)
                {
                    _events.Append(Encoding.UTF8.GetString(buffer, 0, length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private string Configuration() =>
        $"""
        poll_method epoll
        sip_listen 127.0.0.1:{_ports}
        sip_verify_server no
        call_max_calls 4
        audio_player aufile,{_folder.File("hears.wav")}
        audio_source aufile,{_folder.File("says.wav")}
        audio_alert aufile,/dev/null
        ausrc_srate {_rate}
        auplay_srate 8000
        ausrc_channels 1
        auplay_channels 1
        audio_txmode poll
        audio_level no
        audio_buffer 20-160
        rtp_ports {_ports + 4}-{_ports + 22}
        jitter_buffer_type fixed
        jitter_buffer_delay 1-20
        rtp_timeout 60
        net_interface 127.0.0.1
        module_path /usr/lib/baresip/modules
        module stdio.so
        module g711.so
        module g722.so
        module opus.so
        module srtp.so
        module aufile.so
        module uuid.so
        module_tmp account.so
        module_app menu.so
        module_app ctrl_tcp.so
        ctrl_tcp_listen 127.0.0.1:{_ports + 2}

        """;
}
