using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls made by sipp, with the scenarios in <c>sipp/</c>.</summary>
public sealed class SippTests(SharedServer shared)
{
    private const string Called = "1001";

    [Fact]
    public async Task A_caller_of_the_extension_leaves_a_message_that_sounds_as_it_was_spoken()
    {
        var run = await LeaveAsync("leave_message");
        await ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task A_diverted_call_to_the_pilot_number_reaches_the_mailbox_of_whom_it_was_for()
    {
        var run = await LeaveAsync("leave_message_diverted");
        var mail = await ShouldHaveTheSpeechAsync(run);
        mail.Caller.ShouldStartWith("+4930");
    }

    [Fact]
    public async Task A_caller_over_TCP_leaves_a_message()
    {
        var run = await LeaveAsync("leave_message", tcp: true);
        await ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task A_late_ACK_makes_the_answer_come_again_and_costs_nothing_of_the_message()
    {
        var run = await LeaveAsync("late_ack");
        run.Received(200, "INVITE").ShouldBeGreaterThan(1);
        await ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task A_caller_who_puts_the_call_on_hold_and_comes_back_can_speak()
    {
        var run = await LeaveAsync("hold_and_resume");
        await ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task An_INVITE_without_an_offer_gets_one_in_the_answer()
    {
        var run = await LeaveAsync("offer_in_answer");
        await ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task Who_hangs_up_in_the_greeting_leaves_a_missed_call_note_and_no_voice_message()
    {
        var run = await RunAsync("hang_up_in_greeting", Called);
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var note = await mailbox.WaitForCallAsync(run.CallId);
        note.IsVoice.ShouldBeFalse();
        note.Class.ShouldBe("missedcall", StringCompareShould.IgnoreCase);
        note.Caller.ShouldStartWith("+4930");
    }

    [Theory]
    [InlineData("options", Called)]
    [InlineData("update", Called)]
    [InlineData("unknown_number", "9999")]
    [InlineData("no_common_codec", Called)]
    [InlineData("unknown_body", Called)]
    [InlineData("unknown_extension", Called)]
    [InlineData("unknown_method", Called)]
    [InlineData("stray_bye", Called)]
    [InlineData("stray_cancel", Called)]
    public Task The_server_answers_as_the_scenario_says(string scenario, string number) => RunAsync(scenario, number);

    private async Task<SippRun> RunAsync(string scenario, string number, bool tcp = false, TimeSpan? wait = null) =>
        await Sipp.CallAsync(scenario, await shared.StartedAsync(), number, $"+4930{Random.Shared.Next(1000000, 9999999)}", wait, tcp);

    private async Task<SippRun> LeaveAsync(string scenario, bool tcp = false) =>
        await RunAsync(scenario, Called, tcp, await Greeting.LengthAsync(shared, Called) + TimeSpan.FromMilliseconds(700));

    private async Task<VoiceMail> ShouldHaveTheSpeechAsync(SippRun run)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        mail.IsVoice.ShouldBeTrue();
        var recorded = await AttachedAudio.ReadAsync(mail.Message);
        Similarity.Of(await Sipp.SpeechAsync(), recorded).ShouldBeTheSame();
        return mail;
    }
}
