using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Media.Sdp;
using Postbell.Server.Hosting;
using Postbell.Server.Phone;
using Postbell.Sip;

namespace Postbell.Server.Commands;

/// <summary><c>postbell call NUMBER</c>: a telephone. It leaves a message and tells what it heard and how long each step took.</summary>
internal static class CallCommand
{
    private static readonly TimeSpan s_longestCall = TimeSpan.FromMinutes(35);
    private static readonly Argument<string> s_number = new("NUMBER") { Description = "number to call" };
    private static readonly Option<FileInfo?> s_play = new("--play") { Description = "WAV file to say after the beep", HelpName = "FILE" };
    private static readonly Option<string> s_keys = new("--keys") { Description = "keys to press afterwards, for instance #1", HelpName = "KEYS", DefaultValueFactory = _ => "" };
    private static readonly Option<double> s_listen = new("--listen") { Description = "seconds to listen before hanging up", HelpName = "S", DefaultValueFactory = _ => 0.3 };
    private static readonly Option<string?> s_sip = new("--sip") { Description = "address of the SIP server; absent: the server of the data folder", HelpName = "HOST:PORT" };
    private static readonly Option<SipTransport> s_transport = new("--transport") { Description = "Udp, Tcp or Tls", HelpName = "T", DefaultValueFactory = _ => SipTransport.Udp };
    private static readonly Option<FileInfo?> s_authority = new("--ca") { Description = "PEM file that vouches for the server's certificate; absent: the own certificate of the data folder", HelpName = "FILE" };
    private static readonly Option<FileInfo?> s_certificate = new("--certificate") { Description = "PEM file of a certificate and its key to show the server; absent: one made for this call", HelpName = "FILE" };
    private static readonly Option<VoiceCodec[]> s_codec = new("--codec") { Description = "codec to offer, the best first: Opus, G722, Pcmu, Pcma; absent: Pcmu, Pcma", HelpName = "C", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> s_pilot = new("--pilot") { Description = "call this number, forwarded for NUMBER, as a PBX does", HelpName = "PILOT" };
    private static readonly Option<string> s_from = new("--from") { Description = "own number", HelpName = "N", DefaultValueFactory = _ => "2000" };
    private static readonly Option<string?> s_name = new("--name") { Description = "own name", HelpName = "NAME", DefaultValueFactory = _ => "Test phone" };
    private static readonly Option<FileInfo?> s_save = new("--save") { Description = "write what was heard to a WAV file", HelpName = "FILE" };

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new Command("call", "calls a number: says a WAV file after the beep, hangs up, tells what it heard and how long each step took")
        {
            s_number, s_play, s_keys, s_listen, s_sip, s_transport, s_authority, s_certificate, s_codec, s_pilot, s_from, s_name, s_save, ServerOptions.Data, ServerOptions.AsJson,
        };
        command.SetAction((parsed, cancellation) => RunAsync(terminal, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellation)
    {
        var transport = parsed.GetValue(s_transport);
        if (transport is not (SipTransport.Udp or SipTransport.Tcp or SipTransport.Tls))
        {
            throw new CommandFailedException("--transport must be Udp, Tcp or Tls", ExitCode.Usage);
        }

        var options = new PhoneOptions
        {
            Number = parsed.GetRequiredValue(s_number),
            Server = ServerAddress(parsed),
            Transport = transport,
            Tls = transport == SipTransport.Tls ? Certificates(parsed) : null,
            Voice = parsed.GetValue(s_codec) is { Length: > 0 } codecs ? new SdpVoice { Codecs = codecs } : SdpVoice.Narrow,
            From = parsed.GetValue(s_from)!,
            FromName = parsed.GetValue(s_name),
            Pilot = parsed.GetValue(s_pilot),
            Play = parsed.GetValue(s_play) is { } file ? Read(file) : null,
            Keys = parsed.GetValue(s_keys)!,
            Listen = TimeSpan.FromSeconds(parsed.GetValue(s_listen)),
        };
        var heard = new HeardAudio(s_longestCall);
        await using var phone = new TestPhone(options, TimeProvider.System);
        var report = await phone.CallAsync(heard, cancellation);
        if (parsed.GetValue(s_save) is { } save)
        {
            await File.WriteAllBytesAsync(save.FullName, WavWriter.Pcm16(heard.Audio), cancellation);
        }

        if (parsed.GetValue(ServerOptions.AsJson))
        {
            terminal.WriteJson(report);
        }
        else
        {
            Print(terminal, report);
        }

        return report.Ok ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(Terminal terminal, PhoneReport report)
    {
        string Ms(double? value) => value is { } ms ? ms.ToString("0.0 ms", CultureInfo.InvariantCulture) : "-";
        terminal.Out.WriteLine(report.Ok ? $"called {report.Number}, Call-ID {report.CallId}" : $"called {report.Number}, Call-ID {report.CallId}: {report.Problem}");
        terminal.WriteTable(["STEP", "TOOK"],
        [
            ["INVITE to 100", Ms(report.TryingMs)], ["INVITE to 180", Ms(report.RingingMs)], ["INVITE to 200", Ms(report.AnsweredMs)],
            ["200 to first RTP", Ms(report.FirstRtpMs)], ["200 to end of beep", Ms(report.BeepMs)], ["BYE to 200", Ms(report.ByeMs)],
        ]);
        FormattableString packets = $"heard {report.HeardSeconds:0.0} s in {report.PacketsReceived} packets, {report.PacketsLost} lost, jitter {report.JitterMs:0.0} ms; said {report.PlayedSeconds:0.0} s in {report.PacketsSent} packets, {report.PeerLost} lost";
        terminal.Out.WriteLine(packets.ToString(CultureInfo.InvariantCulture));
        terminal.Out.WriteLine($"levels |{SoundLevels.Draw(report.Levels)}| (four a second)");
        foreach (var beep in report.Beeps)
        {
            FormattableString line = $"beep at {beep.At:0.00} s, {beep.Seconds:0.00} s, {beep.Hertz:0} Hz";
            terminal.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IPEndPoint ServerAddress(ParseResult parsed)
    {
        var isEncrypted = parsed.GetValue(s_transport) == SipTransport.Tls;
        if (parsed.GetValue(s_sip) is { } given)
        {
            return IPEndPoint.TryParse(given, out var end)
                ? new IPEndPoint(end.Address, end.Port != 0 ? end.Port : isEncrypted ? 5061 : 5060)
                : throw new CommandFailedException($"\"{given}\" is no address and port", ExitCode.Usage);
        }

        var layout = new DataLayout(parsed.GetValue(ServerOptions.Data)!);
        var address = !File.Exists(layout.Running) ? null : isEncrypted ? RunningFile.Read(layout).Sips : RunningFile.Read(layout).Sip;
        return address is null || !IPEndPoint.TryParse(address, out var own)
            ? throw new CommandFailedException($"no server runs on the data folder {layout.Root} (--sip names one elsewhere)")
            : own.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, own.Port)
            : own.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, own.Port)
            : own;
    }

    private static SipTlsOptions Certificates(ParseResult parsed)
    {
        var authorities = new X509Certificate2Collection();
        var file = parsed.GetValue(s_authority)?.FullName ?? new DataLayout(parsed.GetValue(ServerOptions.Data)!).OwnCertificate;
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"cannot read the certificates in {file} (--ca names another file): {fault.Message}", ExitCode.Usage);
        }

        var own = parsed.GetValue(s_certificate) is { } shown ? ServerCertificate.Load(shown.FullName, null) : ServerCertificate.CreateForOnce(TimeProvider.System.GetUtcNow());
        var context = SslStreamCertificateContext.Create(own, null, offline: true);
        return new SipTlsOptions { Certificate = () => context, Authorities = () => authorities };
    }

    private static AudioClip Read(FileInfo file)
    {
        try
        {
            return AudioClip.FromWav(File.ReadAllBytes(file.FullName));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or WavFormatException)
        {
            throw new CommandFailedException($"cannot play {file}: {fault.Message}", ExitCode.Usage);
        }
    }
}
