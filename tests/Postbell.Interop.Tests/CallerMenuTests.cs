using System.Diagnostics;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What a caller hears and the keys a caller presses, with the test phone.</summary>
public sealed class CallerMenuTests(SharedServer shared)
{
    private readonly PhoneCaller _caller = new(shared);

    [Fact]
    public async Task Keys_after_the_recording_send_it_with_high_importance()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(1));
        await call.PressAsync('#');
        await call.PressAsync('1');
        await call.PressAsync('1');
        await call.PressAsync('#');
        await call.RemoteEnd.WaitAsync(TimeSpan.FromSeconds(30));
        var mail = await _caller.DeliveredAsync(call);
        mail.HighImportance.ShouldBeTrue();
        Similarity.Of(await Speech.SentenceAsync(1), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task Recorded_again_the_first_words_are_gone()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(1));
        await call.PressAsync('#');
        var beeps = call.Voice.BeepsHeard;
        await call.PressAsync('3');
        await Deadline.UntilAsync(() => call.Voice.BeepsHeard > beeps, TimeSpan.FromSeconds(20), "the beep of the second recording");
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        var recorded = await AttachedAudio.ReadAsync((await _caller.DeliveredAsync(call)).Message);
        Similarity.Of(await Speech.SentenceAsync(2), recorded).ShouldBeTheSame();
        Similarity.Of(await Speech.SentenceAsync(1), recorded).Correlation.ShouldBeLessThan(0.5);
    }

    [Fact]
    public async Task A_caller_who_stays_silent_leaves_a_missed_call_note()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.Voice.SaySilenceAsync(TimeSpan.FromSeconds(1));
        await call.HangUpAsync();
        (await _caller.DeliveredAsync(call)).IsVoice.ShouldBeFalse();
    }

    [Fact]
    public async Task The_greeting_is_played_without_a_gap_to_its_beep()
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        await using var call = await phone.CallAsync(PhoneCaller.Called);
        await call.HearBeepAsync();
        var packets = call.Voice.Received;
        packets.Count.ShouldBeGreaterThan(50);
        for (var i = 1; i < packets.Count; i++)
        {
            ((ushort)(packets[i].Sequence - packets[i - 1].Sequence)).ShouldBe((ushort)1);
        }

        var length = Stopwatch.GetElapsedTime(packets[0].At, packets[^1].At);
        length.TotalSeconds.ShouldBe((packets.Count - 1) * 0.02, 0.25);
        await call.HangUpAsync();
    }
}
