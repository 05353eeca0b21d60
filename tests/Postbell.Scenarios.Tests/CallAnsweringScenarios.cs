using System.Text;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Mime;
using Postbell.Mime.Decoding;
using Postbell.Sip.Messages;

namespace Postbell.Scenarios.Tests;

/// <summary>What becomes of a call, for every way a caller can end it (docs/flows/answered-call.md).</summary>
public sealed class CallAnsweringScenarios
{
    [Fact]
    public async Task A_caller_who_speaks_and_hangs_up_leaves_a_message()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(4);
        phone.HangUp();

        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        message.Kind.ShouldBe(MessageKind.Voice);
        message.CallerNumber.ShouldBe("+4930123");
        message.VoiceDuration!.Value.ShouldBeInRange(TimeSpan.FromSeconds(3.9), TimeSpan.FromSeconds(5));
        message.Importance.ShouldBe(MessageImportance.Normal);
    }

    [Fact]
    public async Task A_diverted_call_leaves_its_message_with_the_person_who_did_not_answer()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("5000", new SipHeader("Diversion", "<sip:1001@gw>;reason=no-answer"));
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task Hanging_up_in_the_greeting_leaves_a_missed_call_note()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await server.PassAsync(TimeSpan.FromMilliseconds(300));
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.MissedCall);
    }

    [Fact]
    public async Task A_recording_without_sound_makes_no_message_but_a_missed_call_note()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await server.PassAsync(TimeSpan.FromSeconds(3));
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.MissedCall);
    }

    [Fact]
    public async Task A_silent_caller_is_asked_and_in_the_end_hung_up_on()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.BeHungUpAsync();
        phone.Beeps.ShouldBe(3);
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.MissedCall);
    }

    [Fact]
    public async Task No_missed_call_note_where_the_policy_wants_none()
    {
        await using var server = await ScenarioServer.StartAsync(
            policy: new MailboxPolicy { Name = "quiet", DialPlan = "plan", AllowMissedCallNotifications = false });
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        phone.HangUp();
        (await server.MessagesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_key_in_the_greeting_goes_straight_to_the_beep()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.PressAsync('5');
        var heard = phone.SoundMs;
        await phone.HearBeepAsync();
        (phone.SoundMs - heard).ShouldBeLessThan(800);
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task After_silence_the_menu_comes_and_nothing_pressed_sends()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        await phone.BeHungUpAsync();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task Pound_one_one_pound_sends_with_high_importance()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        await phone.PressAsync('#', '1', '1');
        await phone.HearOutAsync();
        await phone.PressAsync('#');
        await phone.BeHungUpAsync();
        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        message.Importance.ShouldBe(MessageImportance.High);
        message.Sensitivity.ShouldBe(MessageSensitivity.Normal);
    }

    [Fact]
    public async Task Keys_that_come_by_INFO_work_like_keys_that_are_heard()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        await phone.PressByInfoAsync('#', '1', '1');
        await phone.HearOutAsync();
        await phone.PressByInfoAsync('#');
        await phone.BeHungUpAsync();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Importance.ShouldBe(MessageImportance.High);
    }

    [Fact]
    public async Task The_urgent_mark_can_be_taken_back()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        await phone.PressAsync('#', '1', '1');
        await phone.HearOutAsync();
        await phone.PressAsync('1');
        await phone.HearOutAsync();
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Importance.ShouldBe(MessageImportance.Normal);
    }

    [Fact]
    public async Task Private_is_offered_where_the_policy_knows_it_and_only_there()
    {
        foreach (var protection in (VoiceMailProtection[])[VoiceMailProtection.Private, VoiceMailProtection.None])
        {
            await using var server = await ScenarioServer.StartAsync(
                policy: new MailboxPolicy { Name = "p", DialPlan = "plan", ProtectUnauthenticatedVoiceMail = protection });
            var phone = await server.PhoneAsync();
            await phone.DialAsync("1001");
            await phone.HearBeepAsync();
            await phone.SpeakAsync(2);
            await phone.PressAsync('#', '1', '2');
            await phone.HearOutAsync();
            phone.HangUp();
            (await server.MessagesAsync()).ShouldHaveSingleItem().Sensitivity.ShouldBe(
                protection == VoiceMailProtection.None ? MessageSensitivity.Normal : MessageSensitivity.Private);
        }
    }

    [Fact]
    public async Task Recording_again_replaces_what_was_said()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(6);
        await phone.PressAsync('#', '3');
        await phone.HearBeepAsync(2);
        await phone.SpeakAsync(2);
        phone.HangUp();
        var duration = (await server.MessagesAsync()).ShouldHaveSingleItem().VoiceDuration!.Value;
        duration.ShouldBeInRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task Going_on_appends_to_what_was_said()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        await phone.PressAsync('#', '4');
        await phone.HearBeepAsync(2);
        await phone.SpeakAsync(3);
        phone.HangUp();
        var duration = (await server.MessagesAsync()).ShouldHaveSingleItem().VoiceDuration!.Value;
        duration.ShouldBeInRange(TimeSpan.FromSeconds(5.9), TimeSpan.FromSeconds(7.5));
    }

    /// <summary>A gateway that lets the beginning of a key through as sound, beside the event.</summary>
    [Fact]
    public async Task The_sound_of_the_key_after_which_a_caller_went_on_is_not_in_the_message()
    {
        await using var server = await ScenarioServer.StartAsync(ScenarioServer.Plan with { TrimSilence = true });
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        _ = phone.PlayAsync(PoundSound());
        await server.PassAsync(TimeSpan.FromMilliseconds(100));
        await phone.PressAsync('#', '4');
        await phone.HearBeepAsync(2);
        await phone.SpeakAsync(3);
        phone.HangUp();
        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        var mailbox = await server.Store.OpenMailboxAsync(server.Ann.Id, CancellationToken.None);
        var bytes = (await mailbox.ReadContentAsync(message, CancellationToken.None)).ToArray();
        var wav = Parts(MimeParser.Parse(bytes)).Single(e => e is { Type: "audio", Subtype: "wav" });
        var audio = WavReader.Read(TransferDecoder.Decode(bytes.AsSpan((int)wav.BodyStart, (int)wav.BodyLength), wav.Encoding));
        audio.Duration.ShouldBeGreaterThan(TimeSpan.FromSeconds(5.5));
        LoudestPound(audio.Samples.Span).ShouldBeLessThan(0.5);
        LoudestPound(PoundSound().ToPcm().Samples.Span).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public async Task Replay_plays_what_was_said()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(5);
        await phone.PressAsync('#');
        await phone.HearOutAsync();
        var before = phone.SoundMs;
        await phone.PressAsync('2');
        await server.PassAsync(TimeSpan.FromSeconds(6));
        (phone.SoundMs - before).ShouldBeGreaterThan(4000);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task A_dropped_recording_leaves_a_missed_call_note_and_no_audio()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        await phone.PressAsync('#', '*');
        await phone.HearBeepAsync(2);
        phone.HangUp();
        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        message.Kind.ShouldBe(MessageKind.MissedCall);
        message.VoiceDuration.ShouldBeNull();
    }

    [Fact]
    public async Task Recording_stops_at_the_limit_and_the_message_can_still_be_sent()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(65);
        phone.HangUp();
        var duration = (await server.MessagesAsync()).ShouldHaveSingleItem().VoiceDuration!.Value;
        duration.ShouldBeInRange(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public async Task A_call_ends_at_its_limit_and_keeps_what_was_said()
    {
        await using var server = await ScenarioServer.StartAsync(
            ScenarioServer.Plan with { MaxCallDuration = TimeSpan.FromSeconds(10), MaxRecordingDuration = TimeSpan.FromSeconds(60) });
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        _ = phone.SpeakAsync(20);
        await phone.BeHungUpAsync();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    [Fact]
    public async Task Nobody_at_the_number_is_404_with_a_reason()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1999");
        phone.Refusal!.Status.ShouldBe(404);
        phone.Refusal.Headers["ms-diagnostics"].ShouldBe(
            "15104;source=\"postbell\";reason=\"The called party has no mailbox in the dial plan of this gateway\"");
    }

    [Fact]
    public async Task The_call_over_the_limit_gets_503_with_Retry_After()
    {
        await using var server = await ScenarioServer.StartAsync(options: new Postbell.Telephony.TelephonyOptions { MaxCalls = 1 });
        var first = await server.PhoneAsync();
        await first.DialAsync("1001");
        var second = await server.PhoneAsync();
        await second.DialAsync("1001");
        second.Refusal!.Status.ShouldBe(503);
        second.Refusal.Headers["Retry-After"].ShouldBe("5");
        first.IsAnswered.ShouldBeTrue();
        first.HangUp();
    }

    [Fact]
    public async Task The_ledger_tells_the_way_of_a_message()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        var id = server.Telephony.Calls.Snapshot().Single().Id;
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.HangUp();
        await server.MessagesAsync();
        var steps = (await server.Store.ReadLedgerAsync(id, CancellationToken.None)).Select(r => r.Stage).ToArray();
        steps.ShouldBe(["answered", "recording", "recorded", "spooled", "composed", "committed", "notified"]);
    }

    [Fact]
    public async Task The_delivered_mail_carries_the_recording()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(3);
        phone.HangUp();
        var message = (await server.MessagesAsync()).Single();
        var mailbox = await server.Store.OpenMailboxAsync(server.Ann.Id, CancellationToken.None);
        var text = Encoding.UTF8.GetString((await mailbox.ReadContentAsync(message, CancellationToken.None)).Span);
        text.ShouldContain("X-CallingTelephoneNumber: +4930123");
        text.ShouldContain("audio/wav", Case.Insensitive);
        text.ShouldContain("Carl Caller");
    }

    [Fact]
    public async Task Times_in_the_mail_are_in_the_zone_of_the_dial_plan()
    {
        await using var server = await ScenarioServer.StartAsync(ScenarioServer.Plan with { TimeZone = "Asia/Kolkata" });
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        phone.HangUp();
        var message = (await server.MessagesAsync()).Single();
        var mailbox = await server.Store.OpenMailboxAsync(server.Ann.Id, CancellationToken.None);
        var text = Encoding.UTF8.GetString((await mailbox.ReadContentAsync(message, CancellationToken.None)).Span);
        text.ShouldContain("14:30:00 +0530");
        text.ShouldContain("Asia/Kolkata");
    }

    private static IEnumerable<MimeEntity> Parts(MimeEntity entity) => entity.Children.SelectMany(Parts).Prepend(entity);

    private static AudioClip PoundSound() => AudioClip.FromPcm(new PcmAudio(
        Enumerable.Range(0, 4800).Select(i => (short)(4000 * (Math.Sin(2 * Math.PI * 941 * i / 8000) + Math.Sin(2 * Math.PI * 1477 * i / 8000)))).ToArray(), 8000));

    /// <summary>The greatest part of the energy of 20 ms that lies at the two frequencies of #, where anything is heard.</summary>
    private static double LoudestPound(ReadOnlySpan<short> sound)
    {
        var loudest = 0.0;
        for (var at = 0; at + 160 <= sound.Length; at += 80)
        {
            var window = sound.Slice(at, 160);
            var (total, share) = (1e6, 0.0);
            foreach (var sample in window)
            {
                total += (double)sample * sample;
            }

            foreach (var hertz in new[] { 941, 1477 })
            {
                var (real, imaginary) = (0.0, 0.0);
                for (var i = 0; i < window.Length; i++)
                {
                    real += window[i] * Math.Cos(2 * Math.PI * hertz * i / 8000);
                    imaginary += window[i] * Math.Sin(2 * Math.PI * hertz * i / 8000);
                }

                share += ((real * real) + (imaginary * imaginary)) / (total * window.Length / 2);
            }

            loudest = Math.Max(loudest, share);
        }

        return loudest;
    }
}
