using System.Diagnostics;
using System.Globalization;
using System.Net;
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
    private readonly SaidText _said = new();
    private readonly int _ports = LocalPorts.Run(24);
    private readonly BaresipSetup _setup;
    private Process? _process;
    private TcpClient? _control;
    private Task _reading = Task.CompletedTask;

    private Baresip(BaresipSetup setup) => _setup = setup;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => new(_setup.Ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, _ports);

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

    /// <param name="microphone">What the caller says, from the beginning of each call; silence follows.</param>
    /// <param name="setup">How it is configured.</param>
    public static async Task<Baresip> StartAsync(Pcm microphone, BaresipSetup setup)
    {
        var phone = new Baresip(setup);
        await phone.LaunchAsync(microphone);
        return phone;
    }

    /// <summary>Commands of baresip's menu: dial, hangup, sndcode, hold, resume, transfer ...</summary>
    public async Task CommandAsync(string command, string parameter = "")
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { command, @params = parameter, token = "t" });
        await _control!.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{json.Length}:"), .. json, (byte)',']);
    }

    public Task WaitForAsync(string what, int times = 1) => Deadline.UntilAsync(
        () => Events.Split(what).Length > times, TimeSpan.FromSeconds(15), () => $"{what} among the events of baresip:\n{Events}\nwhich said:\n{_said}");

    /// <summary>Calls and waits for the answer.</summary>
    public async Task DialAsync(string number, IPEndPoint server, string transport = "udp")
    {
        await CommandAsync("dial", $"sip:{number}@{server};transport={transport}");
        await WaitForAsync("CALL_ESTABLISHED");
    }

    /// <summary>A key, as a telephone-event.</summary>
    public Task PressAsync(char key) => CommandAsync("sndcode", $"{key}");

    /// <summary>Hangs up and gives what was heard in the call.</summary>
    public async Task<Pcm> HangUpAsync()
    {
        await CommandAsync("hangup");
        await WaitForAsync("CALL_CLOSED");
        return await Deadline.UntilAsync(HeardAsync, TimeSpan.FromSeconds(10), "what baresip heard");
    }

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

    private async Task LaunchAsync(Pcm microphone)
    {
        // At the end of the file it would end the call.
        var said = new Pcm([.. microphone.Samples, .. new short[60 * Pcm.Rate]]);
        await File.WriteAllBytesAsync(_folder.File("said.wav"), said.ToWav());
        (await ExternalProgram.RunAsync(
            "sox", [_folder.File("said.wav"), "-r", _setup.Rate.ToString(CultureInfo.InvariantCulture), _folder.File("says.wav")], TimeSpan.FromSeconds(30))).ShouldSucceed();
        await File.WriteAllTextAsync(_folder.File("contacts"), "");
        await File.WriteAllTextAsync(_folder.File("accounts"), _setup.Account(Address));
        await File.WriteAllTextAsync(_folder.File("config"), Configuration());
        _process = ExternalProgram.Start("baresip", [_setup.Ipv6 ? "-6" : "-4", "-f", _folder.Path], _folder.Path);
        // What it prints must be read, or it stops when the pipe is full.
        _reading = Task.WhenAll(_said.ReadAsync(_process.StandardOutput), _said.ReadAsync(_process.StandardError));
        _control = await Deadline.UntilAsync(ConnectAsync, TimeSpan.FromSeconds(15), "baresip's control port");
        _reading = Task.WhenAll(_reading, ReadEventsAsync(_control));
    }

    /// <summary>What its module for dumps wrote of the newest call; null while the file is not whole.</summary>
    private async Task<Pcm?> HeardAsync()
    {
        var dump = new DirectoryInfo(_folder.Path).GetFiles("dump-*-dec.wav").MaxBy(file => file.LastWriteTimeUtc);
        if (dump is null)
        {
            return null;
        }

        var narrow = _folder.File("heard.wav");
        var run = await ExternalProgram.RunAsync("sox", [dump.FullName, "-r", $"{Pcm.Rate}", "-c", "1", "-b", "16", narrow], TimeSpan.FromSeconds(30));
        var heard = run.ExitCode == 0 ? Pcm.FromWav(await File.ReadAllBytesAsync(narrow)) : null;
        return heard is { Samples.Length: > 0 } ? heard : null;
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
        sip_listen {Address}
        sip_verify_server no
        call_max_calls 4
        audio_source aufile,{_folder.File("says.wav")}
        audio_alert aufile,/dev/null
        ausrc_srate {_setup.Rate}
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
        net_interface {Address.Address}
        module_path /usr/lib/baresip/modules
        module stdio.so
        module g711.so
        module g722.so
        module opus.so
        module srtp.so
        module aufile.so
        module sndfile.so
        module uuid.so
        module_tmp account.so
        module_app menu.so
        module_app ctrl_tcp.so
        snd_path {_folder.Path}
        ctrl_tcp_listen 127.0.0.1:{_ports + 2}

        """;
}
