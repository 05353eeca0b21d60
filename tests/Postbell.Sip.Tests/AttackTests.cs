using System.Net;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests;

/// <summary>What attackers of telephone servers do at the signalling door, and what they get.</summary>
public sealed class AttackTests : IDisposable
{
    private readonly SipBench _bench = new(options => options with { MaxServerTransactions = 100, MaxDialogs = 50 });

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")]
    [InlineData("SUBSCRIBE")]
    [InlineData("PUBLISH")]
    [InlineData("MESSAGE")]
    [InlineData("NOTIFY")]
    [InlineData("REFER")]
    [InlineData("BYE")]
    [InlineData("CANCEL")]
    public void A_scanner_gets_the_same_403_for_every_method_and_extension(string method)
    {
        _bench.Admitted = false;
        _bench.Receive(Wire.Plain(method, "z9hG4bKscan", 1, "scan", null, "Event: message-summary"));
        var existing = _bench.TakeResponse(403).ToString();
        _bench.Receive(Wire.Plain(method, "z9hG4bKscan", 1, "scan", null, "Event: message-summary").Replace("5000@", "6000@"));
        _bench.TakeResponse(403).ToString().Replace("6000@", "5000@").ShouldBe(existing);
        _bench.Requests.ShouldBeEmpty();
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void A_flood_of_an_admitted_peer_is_bounded_and_a_call_that_is_up_still_works()
    {
        var log = new DialogLog();
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        _bench.Receive(Wire.Invite());
        var tag = _bench.Invites[0].Dialog.LocalTag;
        _bench.Receive(Wire.Ack(tag));
        _bench.Invited = static invite => invite.Provisional(180);

        for (var i = 0; i < 2_000; i++)
        {
            _bench.Receive(Wire.Invite($"z9hG4bKflood{i}", callId: $"flood-{i}"));
            _bench.Receive(Wire.Options($"z9hG4bKopt{i}", callId: $"opt-{i}"));
        }

        _bench.Stack.Transactions.LivingServerCount.ShouldBe(100);
        _bench.Stack.Dialogs.Count.ShouldBe(50);
        _bench.TakeAll().Count(sent => sent.Message is SipResponse { Status: 503 }).ShouldBeGreaterThan(3_000);
        _bench.Receive(Wire.InDialog("INFO", tag, 2));
        _bench.TakeResponse(200);
        _bench.Receive(Wire.InDialog("BYE", tag, 3, "z9hG4bKbye"));
        _bench.TakeResponse(200);
    }

    [Theory]
    [InlineData("REFER", 603)]
    [InlineData("PUBLISH", 405)]
    public void Methods_that_make_others_act_are_not_served(string method, int status)
    {
        _bench.Receive(Wire.Plain(method, "z9hG4bKx", 1, "x", null, "Refer-To: <sip:+1900555@premium.example.com>"));
        _bench.TakeResponse(status);
    }

    [Fact]
    public void A_call_of_ours_does_not_follow_a_redirect()
    {
        var log = new DialogLog();
        var call = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("1", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("2", SipBench.Server)),
            },
            log);
        call.Begin();
        _bench.Run();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 302, extra: "Contact: <sip:+1900555@premium.example.com>"));
        _bench.TakeRequest("ACK");
        _bench.ShouldBeSilent();
        log.Lines.ShouldBe(["failed 302"]);
    }

    [Fact]
    public void A_stranger_cannot_end_a_call_without_knowing_its_tags()
    {
        var log = new DialogLog();
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        _bench.Receive(Wire.Invite());
        var tag = _bench.Invites[0].Dialog.LocalTag;
        _bench.Receive(Wire.Ack(tag));
        _bench.TakeAll();

        _bench.Receive(Wire.InDialog("BYE", "guessed", 2));
        _bench.TakeResponse(481);
        _bench.Receive(Wire.InDialog("BYE", tag, 2, "z9hG4bKb").Replace(";tag=peer", ";tag=other"));
        _bench.TakeResponse(481);
        _bench.Receive(Wire.InDialog("BYE", tag, 2, "z9hG4bKc", callId: "another"));
        _bench.TakeResponse(481);
        log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void A_spoofed_response_needs_the_branch_of_our_request()
    {
        _bench.Receive(
            """
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKguess
            From: <sip:a@192.0.2.1>;tag=1
            To: <sip:b@192.0.2.9>;tag=2
            Call-ID: guess
            CSeq: 1 INVITE
            Content-Length: 0
            """);
        _bench.Stack.Statistics.StrayResponses.ShouldBe(1);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void An_answer_is_never_sent_elsewhere_than_to_the_source()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(
            Wire.Options("z9hG4bKx;maddr=203.0.113.5;received=203.0.113.6;rport=53").Replace("UDP 192.0.2.9:5060", "UDP 203.0.113.7:5060"),
            new IPEndPoint(IPAddress.Parse("198.51.100.20"), 5062));
        _bench.Take().To.Address.ToString().ShouldBe("198.51.100.20");
    }
}
