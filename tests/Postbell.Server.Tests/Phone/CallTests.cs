using System.Text.Json;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Media.Tones;
using Postbell.Server.Tests.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Phone;

public sealed class CallTests(RunningDemo demo)
{
    [Fact]
    public async Task The_built_in_phone_leaves_a_message_and_tells_how_long_each_step_took()
    {
        using var place = new TemporaryDirectory();
        await File.WriteAllBytesAsync(place.File("say.wav"), WavWriter.Pcm16(Wavering(2)));
        await File.WriteAllBytesAsync(place.File("hello.wav"), WavWriter.Pcm16(ToneGenerator.Generate(TimeSpan.FromSeconds(1), -12, 350, 800).ToPcm()));
        var server = demo.Server;
        await server.CommandAsync(null, "user", "greeting", "1002", place.File("hello.wav"));
        var report = JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "call", "1002", "--play", place.File("say.wav"), "--json", "--save", place.File("heard.wav")));
        report.GetProperty("ok").GetBoolean().ShouldBeTrue();
        foreach (var step in new[] { "ringing_ms", "answered_ms", "first_rtp_ms", "beep_ms", "bye_ms" })
        {
            report.GetProperty(step).GetDouble().ShouldBeGreaterThan(0, step);
        }

        report.GetProperty("played_seconds").GetDouble().ShouldBe(2, 0.05);
        report.GetProperty("beeps")[0].GetProperty("hertz").GetDouble().ShouldBe(1000, 50);
        AudioClip.FromWav(await File.ReadAllBytesAsync(place.File("heard.wav"))).Duration.TotalSeconds.ShouldBe(report.GetProperty("heard_seconds").GetDouble(), 0.1);

        var steps = await TraceAsync(server, "committed");
        steps.ShouldContain("answered");
        steps.ShouldContain("spooled");
        (await server.CommandAsync(null, "mailbox", "1002")).ShouldContain("voice messages 1 new");
        (await server.CommandAsync(null, "queue", "--json")).Trim().ShouldBe("""{"messages":[]}""");
        await HowItSoundedAsync(server, report.GetProperty("call_id").GetString()!);
        (await server.CommandAsync(null, "calls", "--json")).ShouldStartWith("""{"calls":[""");
    }

    /// <summary>A sound that wavers as no machine does, and so counts as speech.</summary>
    private static PcmAudio Wavering(int seconds)
    {
        var samples = new short[seconds * 8000];
        var phase = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            phase += 2 * Math.PI * (450 + (120 * Math.Sin(2 * Math.PI * 3 * i / 8000))) / 8000;
            samples[i] = (short)((5000 + (3000 * Math.Sin(2 * Math.PI * 4 * i / 8000))) * Math.Sin(phase));
        }

        return new PcmAudio(samples, 8000);
    }

    [Theory]
    [InlineData("Udp", "G722")]
    [InlineData("Tcp", "Pcma")]
    [InlineData("Tls", "Opus")]
    public async Task The_built_in_phone_calls_over_any_transport_with_the_codec_it_is_told(string transport, string codec)
    {
        var report = JsonSerializer.Deserialize<JsonElement>(
            await demo.Server.CommandAsync(null, "call", "1003", "--transport", transport, "--codec", codec, "--codec", "Pcmu", "--listen", "1", "--json"));
        report.GetProperty("ok").GetBoolean().ShouldBeTrue();
        report.GetProperty("codec").GetString()!.ShouldBe(codec, StringCompareShould.IgnoreCase);
        report.GetProperty("heard_seconds").GetDouble().ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_is_not_called()
    {
        using var place = new TemporaryDirectory();
        using var other = Postbell.Server.Hosting.ServerCertificate.CreateForOnce(TimeProvider.System.GetUtcNow());
        await File.WriteAllTextAsync(place.File("other.pem"), other.ExportCertificatePem());
        var (code, output, _) = await ServerProcess.RunAsync(null, "call", "1003", "--transport", "Tls", "--ca", place.File("other.pem"), "--data", demo.Server.Data);
        code.ShouldBe(1);
        output.ShouldContain("503");
    }

    private static async Task HowItSoundedAsync(ServerProcess server, string callId)
    {
        (await server.CommandAsync(null, "calls", "trace", callId)).ShouldContain("note     MOS 4.4");
        using var http = server.CreateClient(token: null);
        var metrics = await http.GetStringAsync("/metrics");
        metrics.ShouldContain("um_mos_bucket{le=\"4.5\"} ");
        metrics.ShouldNotContain("um_mos_count 0\n");
        metrics.ShouldContain("um_rtp_loss_ratio_sum ");
    }

    [Fact]
    public async Task A_number_without_a_mailbox_is_refused_with_the_reason_and_exit_code_1()
    {
        var (code, output, _) = await ServerProcess.RunAsync(null, "call", "1999", "--data", demo.Server.Data);
        code.ShouldBe(1);
        output.ShouldContain("404 No Such Mailbox");
        output.ShouldContain("has no mailbox in the dial plan");
    }

    [Fact]
    public async Task What_is_no_wave_file_is_refused_before_any_call()
    {
        using var place = new TemporaryDirectory();
        await File.WriteAllTextAsync(place.File("no.wav"), "no");
        var (code, _, errors) = await ServerProcess.RunAsync(null, "call", "1001", "--play", place.File("no.wav"), "--data", demo.Server.Data);
        code.ShouldBe(2);
        errors.ShouldStartWith("postbell: cannot play");
    }

    // Delivery goes on for a moment after the call has ended.
    private static async Task<IReadOnlyList<string>> TraceAsync(ServerProcess server, string until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var latest = JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "trace", "--json")).GetProperty("steps");
            foreach (var id in latest.EnumerateArray().Select(step => step.GetProperty("id").GetString()!))
            {
                var whole = JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "trace", id, "--json")).GetProperty("steps");
                var stages = whole.EnumerateArray().Select(step => step.GetProperty("stage").GetString()!).ToArray();
                if (stages.Contains(until))
                {
                    return stages;
                }
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
