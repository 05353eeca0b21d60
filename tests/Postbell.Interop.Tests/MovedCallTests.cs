using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls that a telephone system transfers while their message is being spoken: it goes on with other telephones, and stays one message.</summary>
public sealed class MovedCallTests(SharedServer shared)
{
    private readonly PhoneCaller _caller = new(shared);

    [Fact]
    public async Task A_call_whose_media_moves_to_another_telephone_while_it_is_recorded_stays_one_message()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        // Another address, port and source identifier from one packet to the next (RFC 3261 section 14.1).
        await call.MoveAsync();
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        await ShouldHaveBothAsync(await _caller.DeliveredAsync(call));
    }

    [Fact]
    public async Task A_call_that_another_takes_the_place_of_while_it_is_recorded_stays_one_message()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        // An attended transfer at the telephone system (RFC 3891): the new call is answered, the old one ended.
        await using var colleague = new TestPhone(phone.Server);
        await using var taken = await colleague.CallAsync(PhoneCaller.Called, new CallRequest { ExtraHeaders = $"Replaces: {call.Replaces}\r\n" });
        await call.RemoteEnd.WaitAsync(TimeSpan.FromSeconds(10));
        await taken.SpeakAsync(await Speech.SentenceAsync(2));
        await taken.HangUpAsync();
        await ShouldHaveBothAsync(await _caller.DeliveredAsync(call));
        await using var mailbox = await shared.OpenMailboxAsync(PhoneCaller.Called);
        (await mailbox.FindAllAsync(taken.CallId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_of_somebody_else_cannot_be_taken_over_with_wrong_tags()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        await using var thief = new TestPhone(phone.Server);
        var refused = await Should.ThrowAsync<CallRefusedException>(() =>
            thief.CallAsync(PhoneCaller.Called, new CallRequest { ExtraHeaders = $"Replaces: {call.CallId};to-tag=guess;from-tag=guess\r\n" }));
        refused.Status.ShouldBe(481);
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        (await _caller.DeliveredAsync(call)).IsVoice.ShouldBeTrue();
    }

    private static async Task ShouldHaveBothAsync(VoiceMail mail)
    {
        Pcm first = await Speech.SentenceAsync(0), second = await Speech.SentenceAsync(2);
        var recorded = await AttachedAudio.ReadAsync(mail.Message);
        recorded.Duration.ShouldBeGreaterThan((first.Duration + second.Duration) * 0.97);
        var begin = Similarity.Of(first, recorded.Slice(TimeSpan.Zero, first.Duration + TimeSpan.FromSeconds(1)));
        begin.ShouldBeTheSame();
        Similarity.Of(second, recorded.Slice(begin.Start + first.Duration, recorded.Duration)).ShouldBeTheSame();
    }
}
