using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the tests with Linphone have in common: they call 1001 and look at what came into the mailbox.</summary>
internal sealed class LinphoneCaller(SharedServer shared)
{
    public const string Called = "1001";

    /// <summary>Leaves a message, which must sound as it was spoken.</summary>
    public async Task LeaveAsync(string codec, string transport, string encryption, double correlation)
    {
        var user = $"linphone-{codec.Split('/')[0]}-{transport}";
        var speech = await Speech.SentenceAsync(1);
        var wait = await Greeting.WaitAsync(shared, Called);
        await using var phone = await Linphone.StartAsync(
            new Pcm([.. new short[(int)(wait.TotalSeconds * Pcm.Rate)], .. speech.Samples, .. new short[20 * Pcm.Rate]]), codec, user, encryption);
        await CallAsync(phone, transport);
        await Task.Delay(wait + speech.Duration + TimeSpan.FromMilliseconds(400));
        await phone.CommandAsync("terminate");
        Similarity.Of(speech, await AttachedAudio.ReadAsync((await MessageFromAsync(user)).Message)).ShouldBeTheSame(correlation);
    }

    public async Task CallAsync(Linphone phone, string transport)
    {
        var ready = await shared.ReadyAsync();
        await phone.CommandAsync($"call sip:{Called}@{(transport == "tls" ? ready.Sips : ready.Sip)};transport={transport}");
        await phone.WaitForAsync("connected");
    }

    public async Task<VoiceMail> MessageFromAsync(string user)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return await mailbox.WaitForCallerAsync(user);
    }
}
