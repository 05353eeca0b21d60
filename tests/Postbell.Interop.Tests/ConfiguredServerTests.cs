using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A server started from a configuration file: WAV attachments, and a gateway that hears of lamps without asking.</summary>
public sealed class ConfiguredServerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task With_WAV_attachments_the_recording_is_the_sent_wave_form_and_the_gateway_hears_of_the_lamp()
    {
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        await using var gateway = new TestPhone(server.Ready.Sip);
        await server.LaunchConfiguredAsync(audioCodec: "Wav", gatewayPort: gateway.Address.Port);

        var speech = await Speech.SentenceAsync(0);
        await using var phone = new TestPhone(server.Ready.Sip);
        await using var call = await phone.CallAsync("1001");
        await call.HearBeepAsync();
        await call.SpeakAsync(speech);
        await call.HangUpAsync();
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
        var mail = await mailbox.WaitForCallAsync(call.CallId);
        var found = Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message));
        found.ShouldBeTheSame(correlation: 0.995);
        found.LengthError.ShouldBe(0, 0.0001);

        var notify = await NextAsync(gateway, "Messages-Waiting: yes");
        notify.Method.ShouldBe("NOTIFY");
        notify.StartLine.ShouldContain("1001@");
        notify.Required("Event").ShouldBe("message-summary");
        notify.Required("Subscription-State").ShouldStartWith("terminated");
        notify.Body.ShouldContain("Voice-Message: 1/0 (0/0)");
        await mailbox.SetSeenAsync(mail.Uid);
        (await NextAsync(gateway, "Messages-Waiting: no")).Body.ShouldContain("Voice-Message: 0/1 (0/0)");
    }

    private static async Task<SipText> NextAsync(TestPhone gateway, string line)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            // Others of the demo's people may have their lamps told at the start.
            var request = await gateway.Requests.ReadAsync(limit.Token);
            if (request.StartLine.Contains("1001@", StringComparison.Ordinal) && request.Body.StartsWith(line, StringComparison.Ordinal))
            {
                return request;
            }
        }
    }
}
