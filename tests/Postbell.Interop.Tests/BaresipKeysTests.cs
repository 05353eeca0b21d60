using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Network;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>
/// Keys of baresip, in the menu after the recording: as telephone-events, which are all it sends itself, and as sound, through a line whose gateway
/// offers no telephone-events.
/// </summary>
public sealed class BaresipKeysTests(SharedServer shared)
{
    private static readonly TimeSpan BeforeTheBeepIsOver = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Telephone_events_end_the_recording_and_mark_it_urgent()
    {
        const string User = "baresip-events";
        var speech = await Speech.SentenceAsync(1);
        var said = new Pcm([.. Silence(TimeSpan.FromSeconds(1) + BeforeTheBeepIsOver), .. speech.Samples]);
        await using var mailbox = await shared.OpenMailboxAsync(BaresipCaller.Called);
        await using var phone = await Baresip.StartAsync(said, new BaresipSetup(User));
        await phone.DialAsync(BaresipCaller.Called, (await shared.ReadyAsync()).Sip);
        await Task.Delay(TimeSpan.FromSeconds(1));
        // Ends the greeting.
        await phone.PressAsync('1');
        await Task.Delay(BeforeTheBeepIsOver + speech.Duration + TimeSpan.FromMilliseconds(400));
        foreach (var key in "#11")
        {
            await phone.PressAsync(key);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await phone.HangUpAsync();
        var mail = await mailbox.WaitForCallerAsync(User);
        mail.HighImportance.ShouldBeTrue();
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task Keys_as_sound_count_where_no_telephone_events_are_offered()
    {
        const string User = "baresip-tones";
        var speech = await Speech.SentenceAsync(2);
        Pcm said = new(
        [
            .. Silence(TimeSpan.FromSeconds(1)), .. KeyTones.Of('1').Samples, .. Silence(BeforeTheBeepIsOver), .. speech.Samples, .. Silence(TimeSpan.FromSeconds(0.3)),
            .. KeyTones.Of('#').Samples, .. Silence(TimeSpan.FromSeconds(1)), .. KeyTones.Of('1').Samples, .. Silence(TimeSpan.FromSeconds(1)), .. KeyTones.Of('1').Samples,
            .. Silence(TimeSpan.FromSeconds(1)),
        ]);
        await using var mailbox = await shared.OpenMailboxAsync(BaresipCaller.Called);
        await using var line = new Line((await shared.ReadyAsync()).Sip, new LineFaults { HidesTelephoneEvents = true });
        await using var phone = await Baresip.StartAsync(said, new BaresipSetup(User));
        await phone.DialAsync(BaresipCaller.Called, line.Address);
        await Task.Delay(said.Duration);
        await phone.HangUpAsync();
        var mail = await mailbox.WaitForCallerAsync(User);
        mail.HighImportance.ShouldBeTrue();
        Similarity.Of(speech, await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    private static short[] Silence(TimeSpan length) => new short[(int)(length.TotalSeconds * Pcm.Rate)];
}
