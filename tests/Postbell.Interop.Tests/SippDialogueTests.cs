using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of sipp that are less simple than INVITE, ACK, BYE.</summary>
public sealed class SippDialogueTests(SharedServer shared)
{
    private readonly SippCaller _sipp = new(shared);

    [Fact]
    public async Task A_late_ACK_makes_the_answer_come_again_and_costs_nothing_of_the_message()
    {
        var run = await _sipp.LeaveAsync("late_ack");
        run.Received(200, "INVITE").ShouldBeGreaterThan(1);
        await _sipp.ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task A_caller_who_puts_the_call_on_hold_and_comes_back_can_speak()
    {
        var run = await _sipp.LeaveAsync("hold_and_resume");
        await _sipp.ShouldHaveTheSpeechAsync(run);
    }

    [Fact]
    public async Task An_INVITE_without_an_offer_gets_one_in_the_answer()
    {
        var run = await _sipp.LeaveAsync("offer_in_answer");
        await _sipp.ShouldHaveTheSpeechAsync(run);
    }
}
