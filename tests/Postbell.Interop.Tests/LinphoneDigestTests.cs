using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A gateway that comes from anywhere and shows credentials in SHA-256 (RFC 8760), played by Linphone.</summary>
public sealed class LinphoneDigestTests(SharedServer shared)
{
    [Fact]
    public async Task Linphone_shows_credentials_in_SHA_256_and_leaves_a_message()
    {
        // The name it calls as is the one it shows.
        const string User = TrunkDigest.User;
        await using var server = await PostbellServer.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataFolder, "trunk.secret"), TrunkDigest.Secret + "\n");
        const string Keys = $"messageWaitingIndicatorAllowed: false\n      digest: {{ user: {TrunkDigest.User}, passwordFile: trunk.secret, algorithm: Sha256 }}";
        await server.LaunchConfiguredAsync(audioCodec: "Wav", gatewayPort: 5060, gatewayAddress: "any", gatewayKeys: Keys);

        var speech = await Speech.SentenceAsync(0);
        var wait = await Greeting.WaitAsync(shared, LinphoneCaller.Called);
        var said = new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[Pcm.Rate * 20]]);
        await using var phone = await Linphone.StartAsync(said, "PCMU/8000/1", User, credentials: ("localhost", "SHA-256"));
        await phone.CommandAsync($"call sip:{LinphoneCaller.Called}@{server.Ready.Sip}");
        await phone.WaitForAsync("connected");
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(500));
        await phone.CommandAsync("terminate");

        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(LinphoneCaller.Called));
        var mail = await mailbox.WaitForCallerAsync(User);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
