using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A call of a real softphone with a WAV file as its microphone.</summary>
public sealed class BaresipTests(SharedServer shared)
{
    private const string Called = "1001";

    [Theory]
    [InlineData("PCMU/8000/1")]
    [InlineData("PCMA/8000/1")]
    public async Task A_softphone_leaves_a_message_that_sounds_as_it_was_spoken(string codec)
    {
        var speech = await Speech.SentenceAsync(2);
        var wait = await Greeting.LengthAsync(shared, Called) + TimeSpan.FromMilliseconds(800);
        var server = await shared.StartedAsync();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        // The microphone runs from the beginning of the call: silence while the greeting plays.
        await using var phone = await Baresip.StartAsync(new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[4000]]), codec);
        await phone.CommandAsync("dial", $"sip:{Called}@{server.Ready.Sip};transport=udp");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(300));
        await phone.CommandAsync("hangup");

        var mail = await Deadline.UntilAsync(
            async () =>
            {
                var uids = await mailbox.SearchAsync("FROM \"baresip\" UNSEEN");
                return uids.Count == 0 ? null : await mailbox.FetchAsync(uids[^1]);
            },
            TimeSpan.FromSeconds(20),
            "the message of the softphone");
        await mailbox.SetSeenAsync(mail.Uid);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
