using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls made by sipp, with the scenarios in <c>sipp/</c>.</summary>
public sealed class SippTests(SharedServer shared)
{
    private readonly SippCaller _sipp = new(shared);

    [Fact]
    public async Task A_caller_of_the_extension_leaves_a_message_that_sounds_as_it_was_spoken()
    {
        var run = await _sipp.LeaveAsync("leave_message");
        await _sipp.ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task A_diverted_call_to_the_pilot_number_reaches_the_mailbox_of_whom_it_was_for()
    {
        var run = await _sipp.LeaveAsync("leave_message_diverted");
        var mail = await _sipp.ShouldHaveTheSpeechAsync(run);
        mail.Caller.ShouldStartWith("+4930");
    }

    [Fact]
    public async Task A_caller_over_TCP_leaves_a_message()
    {
        var run = await _sipp.LeaveAsync("leave_message", tcp: true);
        await _sipp.ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task Who_hangs_up_in_the_greeting_leaves_a_missed_call_note_and_no_voice_message()
    {
        var run = await _sipp.RunAsync("hang_up_in_greeting", SippCaller.Called);
        await using var mailbox = await shared.OpenMailboxAsync(SippCaller.Called);
        var note = await mailbox.WaitForCallAsync(run.CallId);
        note.IsVoice.ShouldBeFalse();
        note.Class.ShouldBe("missedcall", StringCompareShould.IgnoreCase);
        note.Caller.ShouldStartWith("+4930");
    }

    [Fact]
    public async Task A_text_message_of_a_gateway_comes_into_the_mailbox_and_lights_no_lamp()
    {
        var run = await _sipp.RunAsync("text_message", SippCaller.Called);
        await using var mailbox = await shared.OpenMailboxAsync(SippCaller.Called);
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        mail.IsVoice.ShouldBeFalse();
        mail.Text.ShouldStartWith("The lift is stuck, please call back.");
        mail.Caller.ShouldStartWith("+4930");
        mail.Message.Header("Subject")!.ShouldContain("The lift is stuck");
    }

    [Theory]
    [InlineData("options", SippCaller.Called)]
    [InlineData("update", SippCaller.Called)]
    [InlineData("refer_declined", SippCaller.Called)]
    [InlineData("replaces_unknown", SippCaller.Called)]
    [InlineData("publish_refused", SippCaller.Called)]
    [InlineData("unknown_number", "9999")]
    [InlineData("no_common_codec", SippCaller.Called)]
    [InlineData("unknown_body", SippCaller.Called)]
    [InlineData("unknown_extension", SippCaller.Called)]
    [InlineData("unknown_method", SippCaller.Called)]
    [InlineData("stray_bye", SippCaller.Called)]
    [InlineData("stray_cancel", SippCaller.Called)]
    public Task The_server_answers_as_the_scenario_says(string scenario, string number) => _sipp.RunAsync(scenario, number);
}
