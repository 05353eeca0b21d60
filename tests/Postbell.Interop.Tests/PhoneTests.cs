using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of the test phone: keys, repeated requests, cancelled calls, and audio that is not the caller's.</summary>
public sealed class PhoneTests(SharedServer shared)
{
    private const string Called = "1002";

    [Fact]
    public async Task Keys_after_the_recording_send_it_with_high_importance()
    {
        var (phone, call) = await CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(1));
        await call.PressAsync('#');
        await call.PressAsync('1');
        await call.PressAsync('1');
        await call.PressAsync('#');
        await call.RemoteEnd.WaitAsync(TimeSpan.FromSeconds(30));
        var mail = await DeliveredAsync(call);
        mail.HighImportance.ShouldBeTrue();
        Similarity.Of(await Speech.SentenceAsync(1), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task Recorded_again_the_first_words_are_gone()
    {
        var (phone, call) = await CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(1));
        await call.PressAsync('#');
        var beeps = call.Voice.BeepsHeard;
        await call.PressAsync('3');
        await Deadline.UntilAsync(() => call.Voice.BeepsHeard > beeps, TimeSpan.FromSeconds(20), "the beep of the second recording");
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        var recorded = await AttachedAudio.ReadAsync((await DeliveredAsync(call)).Message);
        Similarity.Of(await Speech.SentenceAsync(2), recorded).ShouldBeTheSame();
        Similarity.Of(await Speech.SentenceAsync(1), recorded).Correlation.ShouldBeLessThan(0.5);
    }

    [Fact]
    public async Task A_caller_who_stays_silent_leaves_a_missed_call_note()
    {
        var (phone, call) = await CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.Voice.SaySilenceAsync(TimeSpan.FromSeconds(1));
        await call.HangUpAsync();
        (await DeliveredAsync(call)).IsVoice.ShouldBeFalse();
    }

    [Fact]
    public async Task A_caller_with_A_law_is_recorded_as_well()
    {
        var (phone, call) = await CallAndHearTheBeepAsync(new CallRequest { PayloadType = 8 });
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        Similarity.Of(await Speech.SentenceAsync(0), await AttachedAudio.ReadAsync((await DeliveredAsync(call)).Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task Every_request_sent_twice_makes_one_call_and_one_message()
    {
        var (phone, call) = await CallAndHearTheBeepAsync(new CallRequest { Twice = true });
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        // FindCallAsync inside fails when there are two.
        Similarity.Of(await Speech.SentenceAsync(2), await AttachedAudio.ReadAsync((await DeliveredAsync(call)).Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task The_name_and_number_of_the_caller_cannot_break_out_of_the_message()
    {
        var request = new CallRequest { CallerName = "Eve <b>\\\"bold\\\"</b> =?utf-8?Q?=0D=0ABcc:_x@example.org?= ../../etc" };
        var (phone, call) = await CallAndHearTheBeepAsync(request);
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        var mail = await DeliveredAsync(call);
        mail.Message.Header("Bcc").ShouldBeNull();
        foreach (var part in mail.Message.All.Where(p => p.MediaType == "text/html"))
        {
            System.Text.Encoding.UTF8.GetString(part.Content).ShouldNotContain("<b>\"bold\"");
        }

        (mail.Message.All.Single(p => p.MediaType.StartsWith("audio/", StringComparison.Ordinal)).Header("Content-Disposition") ?? "").ShouldNotContain("/");
    }

    [Fact]
    public async Task Audio_from_another_source_is_not_recorded()
    {
        var (phone, call) = await CallAndHearTheBeepAsync();
        await using var _ = phone;
        var stranger = new VoiceStream(0);
        stranger.Start(call.Voice.Remote!);
        var bleeding = stranger.SpeakAsync((await Speech.SentenceAsync(0)).ToMuLaw());
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        await stranger.DisposeAsync();
        await Task.WhenAny(bleeding);
        var recorded = await AttachedAudio.ReadAsync((await DeliveredAsync(call)).Message);
        Similarity.Of(await Speech.SentenceAsync(2), recorded).ShouldBeTheSame();
        Similarity.Of(await Speech.SentenceAsync(0), recorded).Correlation.ShouldBeLessThan(0.3);
    }

    [Fact]
    public async Task A_cancelled_call_ends_with_487_or_by_BYE_when_the_answer_was_quicker()
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        try
        {
            await using var call = await phone.CallAsync(Called, new CallRequest { CancelAtOnce = true });
            await call.HangUpAsync();
        }
        catch (CallRefusedException refused)
        {
            refused.Status.ShouldBe(487);
        }
    }

    [Fact]
    public async Task The_answer_and_the_first_sound_come_at_the_pace_of_20_ms()
    {
        var (phone, call) = await CallAndHearTheBeepAsync();
        await using var _ = phone;
        var packets = call.Voice.Received;
        packets.Count.ShouldBeGreaterThan(50);
        for (var i = 1; i < packets.Count; i++)
        {
            ((ushort)(packets[i].Sequence - packets[i - 1].Sequence)).ShouldBe((ushort)1);
        }

        await call.HangUpAsync();
    }

    private async Task<(TestPhone Phone, PhoneCall Call)> CallAndHearTheBeepAsync(CallRequest? request = null)
    {
        var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        var call = await phone.CallAsync(Called, request);
        await call.HearBeepAsync();
        return (phone, call);
    }

    private async Task<VoiceMail> DeliveredAsync(PhoneCall call)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return await mailbox.WaitForCallAsync(call.CallId);
    }
}
