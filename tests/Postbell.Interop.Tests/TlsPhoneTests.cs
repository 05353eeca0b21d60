using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A real softphone whose signalling goes through TLS, and whose audio is encrypted with the keys that came that way.</summary>
public sealed class TlsPhoneTests(SharedServer shared)
{
    private const string Called = "1001";
    private const string User = "tls-phone";

    [Fact]
    public async Task A_softphone_over_TLS_with_SRTP_leaves_a_message()
    {
        var speech = await Speech.SentenceAsync(1);
        var wait = await Greeting.LengthAsync(shared, Called) + TimeSpan.FromMilliseconds(800);
        var server = await shared.StartedAsync();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        await using var phone = await Baresip.StartAsync(
            new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[4000]]), user: User, encryption: "srtp-mand");
        await phone.CommandAsync("dial", $"sip:{Called}@{server.Ready.Sips};transport=tls");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(300));
        await phone.CommandAsync("hangup");

        var mail = await Deadline.UntilAsync(
            async () =>
            {
                var uids = await mailbox.SearchAsync($"FROM \"{User}\" UNSEEN");
                return uids.Count == 0 ? null : await mailbox.FetchAsync(uids[^1]);
            },
            TimeSpan.FromSeconds(20),
            "the message of the softphone");
        await mailbox.SetSeenAsync(mail.Uid);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
