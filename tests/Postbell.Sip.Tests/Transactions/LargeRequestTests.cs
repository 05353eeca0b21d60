using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Tests.Transactions;

/// <summary>Requests over 1300 bytes go by TCP, and by UDP where TCP is refused (RFC 3261 section 18.1.1).</summary>
public sealed class LargeRequestTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly BenchChannel _connection;

    public LargeRequestTests()
    {
        _connection = _bench.NewConnection();
        _bench.Connect = to => to.Transport == SipTransport.Tcp ? _connection : null;
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("INVITE")]
    public void A_large_request_takes_TCP_and_its_contact_stays(string method)
    {
        Send(method, 1_400);
        var sent = _bench.Take();
        sent.Channel.ShouldBe(_connection);
        var request = sent.Message.ShouldBeOfType<SipRequest>();
        request.Vias[0].ToString().ShouldStartWith("SIP/2.0/TCP 192.0.2.1:5060;branch=");
        if (method == "INVITE")
        {
            request.Headers["Contact"].ShouldBe("<sip:192.0.2.1:5060>");
        }

        _bench.Advance(3_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_small_request_and_a_response_of_any_size_go_by_UDP()
    {
        Send("MESSAGE", 100);
        _bench.Take().Channel.ShouldBe(_bench.Udp);
        _bench.Requested = static request => request.Respond(200, null, new byte[3_000], "text/plain");
        _bench.Receive(Wire.Options());
        _bench.Take().Channel.ShouldBe(_bench.Udp);
    }

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("INVITE")]
    public void Where_TCP_is_refused_the_same_request_goes_by_UDP_and_the_next_at_once(string method)
    {
        _connection.Fails = true;
        var pending = Send(method, 1_400);
        var sent = _bench.Take();
        sent.Channel.ShouldBe(_bench.Udp);
        var request = sent.Message.ShouldBeOfType<SipRequest>();
        request.Vias[0].ToString().ShouldStartWith("SIP/2.0/UDP 192.0.2.1:5060;branch=");
        // It is a datagram now, and repeated like one.
        _bench.Advance(600);
        _bench.TakeRequest(method).Vias[0].Branch.ShouldBe(request.Vias[0].Branch);
        _bench.Receive(Wire.Response(request, 480));
        pending.Response.IsCompletedSuccessfully.ShouldBeTrue();
        _bench.TakeAll();

        _bench.Opened.Clear();
        Send("MESSAGE", 1_400);
        _bench.Take().Channel.ShouldBe(_bench.Udp);
        _bench.Opened.ShouldAllBe(flow => flow.Transport == SipTransport.Udp);
        _bench.Advance(TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(1));
        _bench.TakeAll();
        Send("MESSAGE", 1_400);
        _bench.Opened[^1].Transport.ShouldBe(SipTransport.Tcp);
    }

    [Fact]
    public void Without_any_TCP_of_our_own_it_stays_UDP()
    {
        _bench.Connect = static _ => null;
        Send("MESSAGE", 1_400);
        _bench.Take().Channel.ShouldBe(_bench.Udp);
    }

    [Fact]
    public void CANCEL_takes_the_way_of_its_INVITE_and_the_dialog_the_way_of_its_contact()
    {
        var log = new DialogLog();
        var invite = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("1", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("2", SipBench.Server)),
                Body = new byte[1_400],
            },
            log);
        invite.Begin();
        _bench.Run();
        var sent = _bench.Take();
        sent.Channel.ShouldBe(_connection);
        _bench.Receive(Wire.Response((SipRequest)sent.Message, 180));
        invite.Cancel();
        _bench.Run();
        var cancel = _bench.Take();
        cancel.Channel.ShouldBe(_connection);
        cancel.Message.Vias[0].ToString().ShouldBe(sent.Message.Vias[0].ToString());
    }

    private PendingResponse Send(string method, int bytes)
    {
        var pending = new PendingResponse();
        var uri = SipUri.Create("1", SipBench.Peer);
        var request = SipRequest.Create(method, uri, new NameAddress(SipUri.Create("2", SipBench.Server)), null, new byte[bytes], "application/octet-stream");
        _bench.Stack.Clients.Send(request, new SipDestination(SipTransport.Udp, SipBench.Peer), null, _bench.Stack.Stripe("x"), pending);
        _bench.Run();
        return pending;
    }
}
