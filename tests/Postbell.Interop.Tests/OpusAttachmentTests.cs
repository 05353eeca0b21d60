using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Voice messages as Ogg Opus files, decoded by opusdec of Xiph.Org.</summary>
public sealed class OpusAttachmentTests
{
    [Fact]
    public async Task An_attachment_in_Ogg_Opus_sounds_as_it_was_spoken()
    {
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        await using var gateway = new TestPhone(server.Ready.Sip);
        await server.LaunchConfiguredAsync(audioCodec: "Opus", gatewayPort: gateway.Address.Port);

        var speech = await Speech.SentenceAsync(0);
        await using var phone = new TestPhone(server.Ready.Sip);
        await using var call = await phone.CallAsync("1001");
        await call.HearBeepAsync();
        await call.SpeakAsync(speech);
        await call.HangUpAsync();
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
        var mail = await mailbox.WaitForCallAsync(call.CallId);
        mail.Message.All.ShouldContain(part => part.MediaType.StartsWith("audio/ogg", StringComparison.OrdinalIgnoreCase));
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame(correlation: 0.8);
    }
}
