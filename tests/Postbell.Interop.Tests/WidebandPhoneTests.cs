using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A real softphone that calls in G.722 and in Opus.</summary>
public sealed class WidebandPhoneTests(SharedServer shared)
{
    private const string Called = "1001";

    [Theory]
    [InlineData("G722/16000/1", "g722-phone", 0.9)]
    [InlineData("opus/48000/2", "opus-phone", 0.8)]
    public async Task A_softphone_leaves_a_wideband_message(string codec, string user, double alike)
    {
        var speech = await Speech.SentenceAsync(0);
        var wait = await Greeting.LengthAsync(shared, Called) + TimeSpan.FromMilliseconds(800);
        var server = await shared.StartedAsync();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        await using var phone = await Baresip.StartAsync(
            new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[4000]]), codec, user, rate: 16000);
        await phone.CommandAsync("dial", $"sip:{Called}@{server.Ready.Sip};transport=udp");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(300));
        await phone.CommandAsync("hangup");

        var mail = await Deadline.UntilAsync(
            async () =>
            {
                var uids = await mailbox.SearchAsync($"FROM \"{user}\" UNSEEN");
                return uids.Count == 0 ? null : await mailbox.FetchAsync(uids[^1]);
            },
            TimeSpan.FromSeconds(20),
            "the message of the softphone");
        await mailbox.SetSeenAsync(mail.Uid);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame(alike);
    }
}
