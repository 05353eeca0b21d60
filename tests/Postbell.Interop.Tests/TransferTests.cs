using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>An administrator sends callers on: sipp is the gateway that is asked by REFER, and the telephone that is called.</summary>
public sealed class TransferTests(SharedServer shared)
{
    private const string Target = "1002";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_gateway_that_transfers_takes_the_caller_and_our_part_ends()
    {
        var server = await shared.StartedAsync();
        var (call, run) = await RunningCall.DialAsync(server, "transferred");
        (await server.CommandAsync("calls", "transfer", call, Target)).ShouldSucceed();
        var messages = (await run).Messages;
        messages.ShouldContain($"Refer-To: <sip:{Target}@127.0.0.1:");
        messages.ShouldContain("Referred-By: <sip:1001@");
        (await server.CommandAsync("calls", "trace", call)).ShouldSucceed().Output.ShouldContain($"transfer to {Target}: done");
    }

    [Fact]
    public async Task A_busy_target_leaves_the_caller_with_us_until_the_call_is_ended_by_command()
    {
        var server = await shared.StartedAsync();
        var (call, run) = await RunningCall.DialAsync(server, "transfer_failed");
        await RefusedAsync(server, "status 486", "calls", "transfer", call, Target);
        await IsUpAsync(server, call);
        (await server.CommandAsync("calls", "hangup", call)).ShouldSucceed();
        await run;
        await RefusedAsync(server, "no call", "calls", "hangup", call);
    }

    [Fact]
    public async Task A_gateway_without_transfers_keeps_its_caller_with_us()
    {
        var server = await shared.StartedAsync();
        var (call, run) = await RunningCall.DialAsync(server, "transfer_refused");
        // A number outside of the dial plan would be called at the owner's expense; our own pilot would come back.
        await RefusedAsync(server, "does not allow", "calls", "transfer", call, "+1900555");
        await RefusedAsync(server, "status 482", "calls", "transfer", call, "5000");
        await RefusedAsync(server, "status 405", "calls", "transfer", call, Target);
        (await server.CommandAsync("calls", "hangup", call)).ShouldSucceed();
        await run;
    }

    [Fact]
    public async Task An_attended_transfer_follows_302_hears_early_media_and_joins_both_by_Replaces()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await using var telephone = new SippPhone("redirecting_phone");
        await LaunchAsync(server, telephone);
        var (call, run) = await RunningCall.DialAsync(server, "transferred");
        (await server.CommandAsync("calls", "transfer", call, "1003", "--attended")).ShouldSucceed();
        var asked = (await run).Messages;
        asked.ShouldContain("Refer-To: <sip:phone@127.0.0.1:");
        asked.ShouldContain("?Replaces=");
        await telephone.ReceivesAsync(Limit, "INVITE sip:1003@", "Diversion: <sip:1001@", "m=audio", "RTP/AVP 8 ");
        await telephone.ReceivesAsync(Limit, "INVITE sip:1004@", "History-Info: ");
        await telephone.ReceivesAsync(Limit, "PRACK sip:phone@", "RAck: 17 ");
        await telephone.ReceivesAsync(Limit, "BYE sip:phone@");
    }

    [Fact]
    public async Task Of_two_telephones_that_answer_one_call_the_first_is_joined_and_the_second_hears_BYE()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await using var telephone = new SippPhone("forking_phone");
        await LaunchAsync(server, telephone);
        var (call, run) = await RunningCall.DialAsync(server, "transferred");
        (await server.CommandAsync("calls", "transfer", call, "1003", "--attended")).ShouldSucceed();
        (await run).Messages.ShouldContain("to-tag%3Dtwo");
        await telephone.ReceivesAsync(Limit, "BYE sip:one@", "tag=one");
        await telephone.ReceivesAsync(Limit, "BYE sip:two@", "tag=two");
    }

    /// <summary>Starts a server whose gateway is a telephone of sipp.</summary>
    private static Task LaunchAsync(PostbellServer server, SippPhone telephone) => server.LaunchWithAsync(
        $"""
          listen: ["{server.Ready.Sip}"]
          gatewayProbeInterval: 0 s
          maxOutboundCalls: 1
        """,
        $"""
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Loopback
              address: loopback
              notifyAddress: 127.0.0.1
              port: {telephone.Address.Port}
              messageWaitingIndicatorAllowed: false
              codecs: [Pcma]
              dialPlan: Demo
        """);

    private static async Task IsUpAsync(PostbellServer server, string call) =>
        (await server.CommandAsync("calls")).ShouldSucceed().Output.ShouldContain(call);

    private static async Task RefusedAsync(PostbellServer server, string because, params string[] command)
    {
        var result = await server.CommandAsync(command);
        result.ExitCode.ShouldBe(1, result.Output);
        result.Errors.ShouldContain(because);
    }
}
