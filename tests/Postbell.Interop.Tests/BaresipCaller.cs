using System.Net;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the tests with baresip have in common: it calls 1001, and its microphone speaks when the greeting is over.</summary>
internal sealed class BaresipCaller(SharedServer shared)
{
    public const string Called = "1001";

    /// <summary>Silence while the greeting plays, then the speech.</summary>
    public async Task<Pcm> AfterTheGreetingAsync(Pcm speech) =>
        new([.. new short[(int)((await WaitAsync()).TotalSeconds * Pcm.Rate)], .. speech.Samples]);

    /// <summary>From the answer to the moment the speech begins.</summary>
    public Task<TimeSpan> WaitAsync() => Greeting.WaitAsync(shared, Called);

    /// <summary>Leaves a message, which must sound as it was spoken, and hears the greeting as others hear it.</summary>
    /// <param name="setup">The telephone.</param>
    /// <param name="sentence">What it says.</param>
    /// <param name="transport">How it calls.</param>
    /// <param name="alike">Correlation asked for: Opus keeps what is heard, not the wave form.</param>
    public async Task<VoiceMail> LeaveAsync(BaresipSetup setup, int sentence, string transport = "udp", double alike = 0.9)
    {
        var ready = await shared.ReadyAsync();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return await LeaveAsync(mailbox, setup, sentence, transport == "tls" ? ready.Sips : ready.Sip, transport, alike);
    }

    /// <summary>The same at another server than the one that is shared.</summary>
    public async Task<VoiceMail> LeaveAsync(ImapConnection mailbox, BaresipSetup setup, int sentence, IPEndPoint door, string transport, double alike = 0.9)
    {
        var speech = await Speech.SentenceAsync(sentence);
        await using var phone = await Baresip.StartAsync(await AfterTheGreetingAsync(speech), setup);
        await phone.DialAsync(Called, door, transport);
        await Task.Delay(await WaitAsync() + speech.Duration + TimeSpan.FromMilliseconds(300));
        var heard = await phone.HangUpAsync();

        var mail = await mailbox.WaitForCallerAsync(setup.User);
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame(alike);
        // Nothing comes behind the beep, and its last packet stays in the telephone's buffer; the first may come before it listens.
        var greeting = (await Greeting.OfAsync(shared, Called)).Sound;
        Similarity.Of(greeting.Slice(TimeSpan.FromMilliseconds(100), greeting.Duration - TimeSpan.FromMilliseconds(200)), heard).ShouldBeTheSame(alike);
        return mail;
    }
}
