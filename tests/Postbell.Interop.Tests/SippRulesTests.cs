using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the RFCs say of calls that are out of the ordinary, with sipp on the other end of a real socket.</summary>
public sealed class SippRulesTests(SharedServer shared)
{
    private readonly SippCaller _sipp = new(shared);

    [Theory]
    [InlineData("loop_diverted")]
    [InlineData("merged")]
    [InlineData("glare")]
    [InlineData("session_refreshed")]
    [InlineData("reliable_provisional")]
    public Task The_server_answers_as_the_scenario_says(string scenario) => _sipp.RunAsync(scenario, SippCaller.Called);

    [Fact]
    public async Task A_call_is_kept_alive_by_us_and_glare_is_waited_out()
    {
        // Half of the shortest interval there is must pass.
        var server = (await shared.ReadyAsync()).Sip;
        await Sipp.CallAsync("session_refreshed_by_us", server, SippCaller.Called, "+4930555", timeout: TimeSpan.FromSeconds(75));
    }

    [Fact]
    public async Task A_Contact_that_is_a_GRUU_is_used_as_it_is()
    {
        var server = await shared.StartedAsync();
        var (call, run) = await RunningCall.DialAsync(server, "gruu");
        (await server.CommandAsync("calls", "hangup", call)).ShouldSucceed();
        await run;
    }

    [Fact]
    public async Task A_gateway_is_believed_who_calls_and_what_it_withholds_is_withheld()
    {
        var asserted = await NoteAsync("asserted_identity");
        asserted.Caller.ShouldStartWith("+4930");
        asserted.Message.Header("Subject")!.ShouldContain("Sipp Caller");
        var withheld = await NoteAsync("withheld_identity");
        withheld.Caller.ShouldBeEmpty();
        withheld.Message.Header("Subject")!.ShouldContain("anonymous");
        withheld.Text.ShouldNotContain("+4930");
    }

    private async Task<VoiceMail> NoteAsync(string scenario)
    {
        var run = await _sipp.RunAsync(scenario, SippCaller.Called);
        await using var mailbox = await shared.OpenMailboxAsync(SippCaller.Called);
        return await mailbox.WaitForCallAsync(run.CallId);
    }
}
