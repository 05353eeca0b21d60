using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of Linphone.</summary>
public sealed class LinphoneTests(SharedServer shared)
{
    private readonly LinphoneCaller _linphone = new(shared);

    [Theory]
    [InlineData("PCMA/8000/1", "udp", "none", 0.9)]
    [InlineData("PCMU/8000/1", "tls", "srtp", 0.9)]
    [InlineData("G722/8000/1", "udp", "none", 0.9)]
    // Opus keeps what is heard, not the wave form.
    [InlineData("opus/48000/2", "tls", "srtp", 0.8)]
    public async Task Linphone_leaves_a_message_that_sounds_as_it_was_spoken(string codec, string transport, string encryption, double correlation)
    {
        var user = $"linphone-{codec.Split('/')[0]}-{transport}";
        var speech = await Speech.SentenceAsync(1);
        var wait = await Greeting.WaitAsync(shared, LinphoneCaller.Called);
        await using var phone = await Linphone.StartAsync(
            new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[4000]]), codec, user, encryption);
        await _linphone.CallAsync(phone, transport);
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(400));
        await phone.CommandAsync("terminate");
        var mail = await _linphone.MessageFromAsync(user);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame(correlation);
    }
}
