using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of the test phone: repeated requests, cancelled calls, and audio that is not the caller's.</summary>
public sealed class PhoneTests(SharedServer shared)
{
    private readonly PhoneCaller _caller = new(shared);

    [Fact]
    public async Task A_caller_with_A_law_is_recorded_as_well()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync(new CallRequest { PayloadType = 8 });
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        Similarity.Of(await Speech.SentenceAsync(0), await AttachedAudio.ReadAsync((await _caller.DeliveredAsync(call)).Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task Every_request_sent_twice_makes_one_call_and_one_message()
    {
        var (phone, call) = await _caller.CallAndHearTheBeepAsync(new CallRequest { Twice = true });
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        // FindCallAsync inside fails when there are two.
        Similarity.Of(await Speech.SentenceAsync(2), await AttachedAudio.ReadAsync((await _caller.DeliveredAsync(call)).Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task The_name_and_number_of_the_caller_cannot_break_out_of_the_message()
    {
        var request = new CallRequest { CallerName = "Eve <b>\\\"bold\\\"</b> =?utf-8?Q?=0D=0ABcc:_x@example.org?= ../../etc" };
        var (phone, call) = await _caller.CallAndHearTheBeepAsync(request);
        await using var _ = phone;
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        var mail = await _caller.DeliveredAsync(call);
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
        var (phone, call) = await _caller.CallAndHearTheBeepAsync();
        await using var _ = phone;
        var stranger = new VoiceStream(0);
        stranger.Start(call.Voice.Remote!);
        var bleeding = stranger.SpeakAsync((await Speech.SentenceAsync(0)).ToMuLaw());
        await call.SpeakAsync(await Speech.SentenceAsync(2));
        await call.HangUpAsync();
        await stranger.DisposeAsync();
        await Task.WhenAny(bleeding);
        var recorded = await AttachedAudio.ReadAsync((await _caller.DeliveredAsync(call)).Message);
        Similarity.Of(await Speech.SentenceAsync(2), recorded).ShouldBeTheSame();
        Similarity.Of(await Speech.SentenceAsync(0), recorded).Correlation.ShouldBeLessThan(0.3);
    }

    [Fact]
    public async Task A_cancelled_call_ends_with_487_or_by_BYE_when_the_answer_was_quicker()
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        try
        {
            await using var call = await phone.CallAsync(PhoneCaller.Called, new CallRequest { CancelAtOnce = true });
            await call.HangUpAsync();
        }
        catch (CallRefusedException refused)
        {
            refused.Status.ShouldBe(487);
        }
    }
}
