using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Keys that an administrator presses toward a gateway that wants them by SIP INFO; the gateway is sipp, whose scenario looks at what comes.</summary>
public sealed class SentKeysTests
{
    [Fact]
    public async Task Keys_go_by_INFO_in_the_form_that_the_gateway_takes_and_a_refusal_is_told()
    {
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        await server.LaunchConfiguredAsync(audioCodec: "Wav", gatewayPort: 5060, gatewayKeys: "messageWaitingIndicatorAllowed: false\n      dtmf: info");

        var (call, run) = await RunningCall.DialAsync(server, "keys_by_info");
        (await server.CommandAsync("calls", "keys", call, "5#,A")).ShouldSucceed();
        (await server.CommandAsync("calls", "hangup", call)).ShouldSucceed();
        await run;

        (call, run) = await RunningCall.DialAsync(server, "keys_refused");
        var refused = await server.CommandAsync("calls", "keys", call, "1");
        refused.ExitCode.ShouldBe(1, refused.Output);
        refused.Errors.ShouldContain("status 501");
        var wrong = await server.CommandAsync("calls", "keys", call, "1x");
        wrong.ExitCode.ShouldNotBe(0);
        wrong.Errors.ShouldContain("which keys?");
        (await server.CommandAsync("calls", "hangup", call)).ShouldSucceed();
        await run;
    }
}
