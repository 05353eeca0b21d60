using System.Text;
using Postbell.Directory;
using Postbell.Core;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony;
using Postbell.Telephony.Calls;
using Postbell.Telephony.CallRouting;

namespace Postbell.Scenarios.Tests;

/// <summary>Calls that the server makes through a gateway.</summary>
public sealed class OutboundScenarios
{
    [Fact]
    public async Task A_call_is_answered_with_the_callers_identity_for_the_gateway()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = invite =>
        {
            invite.Provisional(180);
            peer.Accept(invite);
        };
        var call = Place(server, "5030", request => request with { CallerName = "Ann \u202E\"Bell\"\r\nX: y" });
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.Answered);
        call.IsRinging.ShouldBeTrue();
        var invite = peer.Invites.Single().Request;
        invite.RequestUri.User.ShouldBe("5030");
        invite.From.Uri.User.ShouldBe("1001");
        invite.From.DisplayName.ShouldBe("Ann \"Bell\" X: y");
        NameAddress.TryParse(invite.Headers["P-Asserted-Identity"], out var asserted).ShouldBeTrue();
        asserted!.Uri.User.ShouldBe("1001");
        invite.Headers.Contains("Privacy").ShouldBeFalse();
        invite.Headers.Contains("X").ShouldBeFalse();
        invite.Headers["Expires"].ShouldBe("30");
        call.Executor.Post(() => call.HangUp());
        await server.UntilAsync(() => peer.Ends.Count == 1, "BYE");
    }

    [Fact]
    public async Task A_withheld_caller_is_told_to_the_gateway_alone()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        var call = Place(server, "5030", request => request with { WithholdCaller = true });
        await ResultAsync(server, call);
        var invite = peer.Invites.Single().Request;
        invite.From.ToString().ShouldStartWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        invite.Headers["Privacy"].ShouldBe("id");
        invite.Headers["P-Asserted-Identity"]!.ShouldContain("1001");
    }

    [Theory]
    [InlineData(486, OutboundResult.Busy)]
    [InlineData(480, OutboundResult.NoAnswer)]
    [InlineData(404, OutboundResult.Refused)]
    [InlineData(503, OutboundResult.Failed)]
    [InlineData(482, OutboundResult.Loop)]
    public async Task A_call_that_fails_says_why(int status, OutboundResult expected)
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = invite => invite.Reject(status);
        var call = Place(server, "5030");
        (await ResultAsync(server, call)).ShouldBe(expected);
        call.Hangup.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_that_rings_too_long_is_given_up()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = static invite => invite.Provisional(180);
        var call = Place(server, "5030", request => request with { RingTime = TimeSpan.FromSeconds(5) });
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.NoAnswer);
        peer.Invites.Single().Cancelled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_is_given_up_while_it_rings()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = static invite => invite.Provisional(180);
        var call = Place(server, "5030");
        await server.UntilAsync(() => call.IsRinging, "ringing");
        call.Executor.Post(() => call.HangUp());
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.GivenUp);
        await server.UntilAsync(() => peer.Invites.Single().Cancelled.IsCancellationRequested, "CANCEL");
    }

    [Fact]
    public async Task Early_media_is_heard_and_its_answer_holds_after_the_2xx()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = invite => invite.Progress(ScenarioPeer.Sdp, "application/sdp", peer);
        var call = Place(server, "5030");
        await server.UntilAsync(() => call.HasEarlyMedia, "early media");
        call.Result.IsCompleted.ShouldBeFalse();
        peer.Accept(peer.Invites.Single());
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.Answered);
    }

    [Fact]
    public async Task A_gateway_may_send_a_call_on_within_itself_and_nowhere_else()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = invite =>
        {
            if (invite.Request.RequestUri.User == "5031")
            {
                peer.Accept(invite);
            }
            else
            {
                invite.Redirect([new NameAddress(SipUri.Create("+1900555", "203.0.113.7")), new NameAddress(SipUri.Create("5031", peer.Address))]);
            }
        };
        var call = Place(server, "5030");
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.Answered);
        peer.Invites.Select(invite => invite.Request.RequestUri.User).ShouldBe(["5030", "5031"]);
    }

    [Fact]
    public async Task A_call_to_our_own_pilot_is_not_made()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        var now = server.Directory.Current.Organization;
        server.Directory.Replace(new Organization(
            now.DialPlans, [.. now.Gateways], [.. now.HuntGroups.Select(group => group with { PilotIdentifiers = ["5000"] })], [.. now.MailboxPolicies]));
        TryPlace(server, "5000").Refusal.ShouldBe(OutboundRefusal.Loop);
        peer.Invites.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("5030;phone-context=x", OutboundRefusal.NotADialString)]
    [InlineData("", OutboundRefusal.NotADialString)]
    public async Task What_is_no_number_is_not_called(string number, OutboundRefusal expected)
    {
        await using var server = await ScenarioServer.StartAsync();
        TryPlace(server, number).Refusal.ShouldBe(expected);
    }

    [Fact]
    public async Task A_gateway_without_calls_out_or_without_an_address_is_not_called()
    {
        await using var server = await ScenarioServer.StartAsync();
        TryPlace(server, "5030", request => request with { Gateway = request.Gateway with { OutcallsAllowed = false } }).Refusal.ShouldBe(OutboundRefusal.GatewayNotAllowed);
        GatewayAddress.TryParse("pbx.example.com", out var name).ShouldBeTrue();
        TryPlace(server, "5030", request => request with { Gateway = request.Gateway with { Address = name! } }).Refusal.ShouldBe(OutboundRefusal.GatewayNotFound);
        server.Statistics.OutboundCalls["gatewaynotfound"].ShouldBe(1);
    }

    [Fact]
    public async Task No_more_calls_are_made_than_configured_and_the_end_of_one_makes_room()
    {
        await using var server = await ScenarioServer.StartAsync(options: new TelephonyOptions { MaxOutboundCalls = 1 });
        await using var peer = await PeerAsync(server);
        var first = Place(server, "5030");
        TryPlace(server, "5031").Refusal.ShouldBe(OutboundRefusal.TooManyCalls);
        await ResultAsync(server, first);
        await server.UntilAsync(() => server.Outbound.Count == 0, "room");
        await ResultAsync(server, Place(server, "5031"));
        server.Statistics.OutboundCalls["toomanycalls"].ShouldBe(1);
        server.Statistics.OutboundCalls["busy"].ShouldBe(2);
    }

    [Fact]
    public async Task The_next_address_of_a_gateway_is_called_when_the_first_says_503()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var broken = await PeerAsync(server);
        await using var good = await ScenarioPeer.StartAsync(server, "127.0.0.2");
        broken.Invited = static invite => invite.Reject(503);
        good.Invited = good.Accept;
        var call = Place(server, "5030", request => request with
        {
            Destinations = [new SipDestination(SipTransport.Udp, broken.Address), new SipDestination(SipTransport.Udp, good.Address)],
        });
        (await ResultAsync(server, call)).ShouldBe(OutboundResult.Answered);
        broken.Invites.Count.ShouldBe(1);
        good.Invites.Single().Request.RequestUri.User.ShouldBe("5030");
    }

    [Fact]
    public async Task The_codecs_of_the_configuration_are_offered()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        await ResultAsync(server, Place(server, "5030", request => request with { Voice = new SdpVoice { Codecs = [VoiceCodec.G722, VoiceCodec.Pcma] } }));
        var offer = Encoding.ASCII.GetString(peer.Invites.Single().Offer.Span);
        offer.ShouldContain("RTP/AVP 9 8 ");
        offer.ShouldNotContain("PCMU");
    }

    [Theory]
    [InlineData("+4930123", 482)]
    [InlineData("1001", 200)]
    public async Task A_call_of_ours_that_is_sent_back_to_voice_mail_is_refused(string caller, int status)
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = static invite => invite.Provisional(180);
        var call = Place(server, "1001", request => request with { CallerNumber = caller });
        await server.UntilAsync(() => call.IsRinging, "ringing");
        (await peer.DialAsync("5000", new SipHeader("Diversion", "<sip:1001@gw>;reason=no-answer"))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_call_on_behalf_of_another_tells_its_way()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        peer.Invited = peer.Accept;
        (await peer.DialAsync(
            "5000",
            new SipHeader("Diversion", "<sip:1001@gw>;reason=no-answer"),
            new SipHeader("History-Info", "<sip:1001@gw>;index=1, <sip:5000@vm>;index=1.1"))).Status.ShouldBe(200);
        await server.UntilAsync(() => server.Telephony.Calls.Snapshot().Count == 1, "the call");
        var inbound = server.Telephony.Calls.Find(server.Telephony.Calls.Snapshot()[0].Id)!;
        var call = Place(server, "5030", request => request with { OnBehalfOf = inbound });
        await ResultAsync(server, call);
        var invite = peer.Invites.Single().Request;
        var diversions = Diversion.AllOf(invite);
        diversions.Select(diversion => (diversion.Uri.User, diversion.Reason, diversion.Counter))
            .ShouldBe([("1001", "deflection", 2), ("1001", "no-answer", null)]);
        HistoryInfo.AllOf(invite.Headers).Select(entry => (entry.Uri.User, entry.Index, entry.Tag))
            .ShouldBe([("1001", "1", null), ("5000", "1.1", null), ("5030", "1.1.1", "mp=1.1")]);
    }

    [Fact]
    public async Task A_call_that_went_round_ten_times_is_not_taken()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await PeerAsync(server);
        (await peer.DialAsync("1001", new SipHeader("Diversion", "<sip:1001@gw>;reason=no-answer;counter=11"))).Status.ShouldBe(482);
        (await peer.DialAsync("1001", new SipHeader("Diversion", "<sip:1001@gw>;reason=no-answer;counter=3"))).Status.ShouldBe(200);
    }

    [Fact]
    public void Gateways_that_allow_no_calls_out_are_not_used()
    {
        var gateway = new Gateway { Name = "a", Address = GatewayAddress.Loopback };
        var organization = new Organization(
            [new DialPlan { Name = "plan", NumberOfDigitsInExtension = 4 }],
            [gateway with { OutcallsAllowed = false }, gateway with { Name = "b", Status = GatewayStatus.Disabled }, gateway with { Name = "c" }],
            [.. "abc".Select(name => new HuntGroup { Name = "Default", Gateway = name.ToString(), DialPlan = "plan" })],
            []);
        OutboundGateways.For(organization, "plan").Select(found => found.Name).ShouldBe(["c"]);
    }

    internal static OutboundCall Place(ScenarioServer server, string number, Func<OutboundCallRequest, OutboundCallRequest>? change = null) =>
        TryPlace(server, number, change).Call.ShouldNotBeNull();

    private static (OutboundCall? Call, OutboundRefusal Refusal) TryPlace(
        ScenarioServer server, string number, Func<OutboundCallRequest, OutboundCallRequest>? change = null)
    {
        var organization = server.Directory.Current.Organization;
        var request = new OutboundCallRequest { DialPlan = organization.DialPlans[0], Gateway = organization.Gateways[0], Number = number, CallerNumber = "1001" };
        return server.Outbound.Place(change?.Invoke(request) ?? request);
    }

    private static async Task<ScenarioPeer> PeerAsync(ScenarioServer server)
    {
        var peer = await ScenarioPeer.StartAsync(server);
        server.ChangeGateway(gateway => gateway with { Port = peer.Address.Port });
        return peer;
    }

    private static async Task<OutboundResult> ResultAsync(ScenarioServer server, OutboundCall call)
    {
        await server.UntilAsync(() => call.Result.IsCompleted, "the result of the call");
        return await call.Result;
    }
}
