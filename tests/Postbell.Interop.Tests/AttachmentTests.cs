using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Servers started from a configuration file: other attachments than MP3, and a gateway that hears of lamps without asking.</summary>
public sealed class AttachmentTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task With_WAV_attachments_the_recording_is_the_sent_wave_form_and_the_gateway_hears_of_the_lamp()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await using var gateway = new TestPhone(server.Ready.Sip);
        await using var mailbox = await ImapAsync(server, "Wav", gateway);
        var (mail, found) = await LeaveAsync(server, mailbox);
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

    /// <summary>Decoded by opusdec of Xiph.Org.</summary>
    [Fact]
    public async Task An_attachment_in_Ogg_Opus_sounds_as_it_was_spoken()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await using var gateway = new TestPhone(server.Ready.Sip);
        await using var mailbox = await ImapAsync(server, "Opus", gateway);
        var (mail, found) = await LeaveAsync(server, mailbox);
        mail.Message.All.ShouldContain(part => part.MediaType.StartsWith("audio/ogg", StringComparison.OrdinalIgnoreCase));
        found.ShouldBeTheSame(correlation: 0.8);
    }

    private static async Task<ImapConnection> ImapAsync(PostbellServer server, string audioCodec, TestPhone gateway)
    {
        await server.LaunchConfiguredAsync(audioCodec, gateway.Address.Port);
        return await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
    }

    private static async Task<(VoiceMail Mail, Similarity Found)> LeaveAsync(PostbellServer server, ImapConnection mailbox)
    {
        var speech = await Speech.SentenceAsync(0);
        await using var phone = new TestPhone(server.Ready.Sip);
        await using var call = await phone.CallAsync("1001");
        await call.HearBeepAsync();
        await call.SpeakAsync(speech);
        await call.HangUpAsync();
        var mail = await mailbox.WaitForCallAsync(call.CallId);
        return (mail, Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)));
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
