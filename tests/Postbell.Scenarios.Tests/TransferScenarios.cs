using System.Net;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.Calls;

namespace Postbell.Scenarios.Tests;

/// <summary>Callers who are sent on, and calls that take the place of others.</summary>
public sealed class TransferScenarios
{
    [Fact]
    public async Task A_caller_is_transferred_and_our_part_of_the_call_ends()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        peer.Referred = static refer =>
        {
            refer.Accept();
            refer.Report(180);
            refer.Report(200);
        };
        var call = await DialAsync(server, peer);
        var outcome = await RunAsync(server, call, () => call.TransferAsync("5030"));
        outcome.ShouldBe(new TransferOutcome(TransferEnd.Succeeded, 200, true));
        call.End.ShouldBe(CallEnd.Transferred);
        var refer = peer.Refers.ShouldHaveSingleItem();
        refer.Target.User.ShouldBe("5030");
        refer.Target.Port.ShouldBe(peer.Address.Port);
        refer.ReferredBy!.Uri.User.ShouldBe("1001");
        Diversion.AllOf(refer.Request).Single().Uri.User.ShouldBe("1001");
        await server.UntilAsync(() => peer.Ends.Count == 1, "BYE");
    }

    [Fact]
    public async Task A_telephone_behind_a_proxy_is_sent_on_through_the_proxy_and_not_to_itself()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        peer.Referred = static refer =>
        {
            refer.Accept();
            refer.Report(200);
        };
        var call = await DialAsync(
            server, peer, new SipHeader("Record-Route", $"<sip:{peer.Address};lr>"), new SipHeader("Record-Route", "<sip:edge.example.com:5070;transport=tcp;lr;ftag=1>"));
        (await RunAsync(server, call, () => call.TransferAsync("5030"))).End.ShouldBe(TransferEnd.Succeeded);
        peer.Refers.ShouldHaveSingleItem().Request.Headers["Refer-To"].ShouldBe("<sip:5030@edge.example.com:5070;transport=tcp>");
    }

    [Theory]
    [InlineData(603)]
    [InlineData(405)]
    public async Task A_gateway_that_does_not_transfer_keeps_the_caller_with_us(int status)
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        peer.Referred = refer => refer.Decline(status);
        var call = await DialAsync(server, peer);
        (await RunAsync(server, call, () => call.TransferAsync("5030"))).ShouldBe(new TransferOutcome(TransferEnd.Refused, status, false));
        call.End.ShouldBe(CallEnd.None);
        peer.Ends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_busy_target_keeps_the_caller_with_us()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        peer.Referred = static refer =>
        {
            refer.Accept();
            refer.Report(486);
        };
        var call = await DialAsync(server, peer);
        (await RunAsync(server, call, () => call.TransferAsync("5030"))).ShouldBe(new TransferOutcome(TransferEnd.Failed, 486, true));
        call.End.ShouldBe(CallEnd.None);
    }

    [Fact]
    public async Task Voice_mail_does_not_transfer_callers_to_itself()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        var call = await DialAsync(server, peer);
        (await RunAsync(server, call, () => call.TransferAsync("1001"))).ShouldBe(new TransferOutcome(TransferEnd.Refused, 482, false));
        peer.Refers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_is_sent_on_five_times_at_most()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        var call = await DialAsync(server, peer);
        for (var i = 0; i < 8; i++)
        {
            await RunAsync(server, call, () => call.TransferAsync("5030"));
        }

        peer.Refers.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5030;phone-context=x")]
    [InlineData("5030@evil.example.com")]
    [InlineData("5030?Replaces=x")]
    [InlineData("5030\r\nX: y")]
    [InlineData("5030>")]
    public async Task What_is_no_number_is_not_dialled(string number)
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        var call = await DialAsync(server, peer);
        Should.Throw<ArgumentException>(() => { _ = call.TransferAsync(number); });
        peer.Refers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_is_joined_to_somebody_we_called()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        peer.Invited = peer.Accept;
        peer.Referred = static refer =>
        {
            refer.Accept();
            refer.Report(200);
        };
        server.ChangeGateway(gateway => gateway with { Port = peer.Address.Port });
        var call = await DialAsync(server, peer);
        var other = OutboundScenarios.Place(server, "5030");
        await server.UntilAsync(() => other.Result.IsCompleted, "the answer");
        (await other.Result).ShouldBe(OutboundResult.Answered);

        (await RunAsync(server, call, () => call.TransferAsync(other))).End.ShouldBe(TransferEnd.Succeeded);
        var replaces = peer.Refers.Single().Replaces.ShouldNotBeNull();
        var dialog = peer.Invites.Single().Dialog;
        replaces.ShouldBe(new SipReplaces(dialog.CallId, dialog.LocalTag, dialog.RemoteTag));
        await server.UntilAsync(() => peer.Ends.Count == 2, "both calls to end");
    }

    [Fact]
    public async Task A_call_of_the_same_gateway_takes_the_place_of_the_callers_and_the_conversation_goes_on()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        var call = await DialAsync(server, peer);
        var dialog = peer.Call!.Dialog!;
        (await peer.DialAsync("1001", Replacing(dialog))).Status.ShouldBe(200);
        await server.UntilAsync(() => peer.Ends.Count == 1, "BYE in the first call");
        server.Telephony.Calls.Count.ShouldBe(1);
        call.End.ShouldBe(CallEnd.None);
        peer.Call!.Dialog!.Bye();
        await server.UntilAsync(() => call.End == CallEnd.Caller, "the end of the conversation");
    }

    [Fact]
    public async Task Another_gateway_cannot_take_over_a_call()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        var now = server.Directory.Current.Organization;
        GatewayAddress.TryParse("127.0.0.2", out var address).ShouldBeTrue();
        server.Directory.Replace(new Organization(
            now.DialPlans,
            [.. now.Gateways, new Gateway { Name = "other", Address = address!, MessageWaitingIndicatorAllowed = false }],
            [.. now.HuntGroups, new HuntGroup { Name = "Default", Gateway = "other", DialPlan = "plan" }],
            [.. now.MailboxPolicies]));
        await using var thief = await ScenarioPeer.StartAsync(server, "127.0.0.2");
        var call = await DialAsync(server, peer);
        (await thief.DialAsync("1001", Replacing(peer.Call!.Dialog!))).Status.ShouldBe(403);
        call.End.ShouldBe(CallEnd.None);
        peer.Ends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_cannot_make_us_call_others()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        await DialAsync(server, peer);
        var refused = peer.Call!.Dialog!.ReferAsync(new Transfer { Target = SipUri.Create("+1900555", "premium.example.com") });
        await server.UntilAsync(() => refused.IsCompleted, "the refusal");
        (await refused).ShouldBe(new TransferOutcome(TransferEnd.Refused, 603, false));
    }

    /// <summary>Seen from the server, which gets the INVITE: its tag is the far one of the peer's dialog.</summary>
    private static SipHeader Replacing(SipDialog dialog) => new("Replaces", dialog.Replaces.ToString());

    private static async Task<InboundCall> DialAsync(ScenarioServer server, ScenarioPeer peer, params SipHeader[] headers)
    {
        (await peer.DialAsync("1001", headers)).Status.ShouldBe(200);
        await server.UntilAsync(() => server.Telephony.Calls.Snapshot().Count == 1, "the call");
        return server.Telephony.Calls.Find(server.Telephony.Calls.Snapshot()[0].Id)!;
    }

    private static async Task<TransferOutcome> RunAsync(ScenarioServer server, InboundCall call, Func<Task<TransferOutcome>> transfer)
    {
        TransferOutcome? outcome = null;
        var done = call.Executor.RunAsync(async () => outcome = await transfer());
        await server.UntilAsync(() => done.IsCompleted, "the outcome of the transfer", 90);
        await done;
        return outcome!;
    }
}
