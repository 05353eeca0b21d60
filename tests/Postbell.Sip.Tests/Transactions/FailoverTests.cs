using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Resolution;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Tests.Transactions;

/// <summary>RFC 3263 section 4.3: the next address where one does not answer, is unreachable or says 503.</summary>
public sealed class FailoverTests : IDisposable
{
    private static readonly SipDestination First = new(SipTransport.Udp, SipBench.Peer);
    private static readonly SipDestination Second = new(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("192.0.2.10"), 5060));
    private static readonly SipDestination OverTcp = new(SipTransport.Tcp, new IPEndPoint(IPAddress.Parse("192.0.2.11"), 5060));

    private readonly UnreachableDestinations _dead;
    private readonly SipBench _bench;

    public FailoverTests()
    {
        _dead = new UnreachableDestinations(TimeSpan.FromMinutes(2), TimeProvider.System);
        _bench = new SipBench(options => options with { Unreachable = _dead });
    }

    [Fact]
    public void A_503_goes_to_the_next_with_a_new_branch_and_the_first_is_remembered_as_dead()
    {
        var final = Send(First, Second);
        var sent = _bench.Take();
        sent.To.ShouldBe(First.EndPoint);
        var request = (SipRequest)sent.Message;
        _bench.Receive(Wire.Response(request, 503));
        var next = _bench.Take();
        next.To.ShouldBe(Second.EndPoint);
        var again = (SipRequest)next.Message;
        again.Vias.Count.ShouldBe(1);
        again.Vias[0].Branch.ShouldNotBe(request.Vias[0].Branch);
        again.CallId.ShouldBe(request.CallId);
        again.CSeq.ShouldBe(request.CSeq);
        _bench.Receive(Wire.Response(again, 200));
        Status(final).ShouldBe(200);
        _dead.LeaveOut([First, Second]).ShouldBe([Second]);
    }

    [Fact]
    public void Silence_goes_to_the_next_and_the_last_silence_is_the_answer()
    {
        var final = Send(First, Second);
        _bench.Advance(32_100);
        _bench.TakeAll().Select(sent => sent.To).Distinct().ShouldBe([First.EndPoint, Second.EndPoint]);
        _bench.Advance(32_100);
        Status(final).ShouldBe(408);
        _dead.Count.ShouldBe(2);
    }

    [Fact]
    public void A_connection_that_fails_goes_to_the_next()
    {
        var broken = _bench.NewConnection();
        broken.Fails = true;
        _bench.Connect = _ => broken;
        var final = Send(OverTcp, Second);
        _bench.Run();
        var next = _bench.Take();
        next.To.ShouldBe(Second.EndPoint);
        ((SipRequest)next.Message).Vias[0].Transport.ShouldBe("UDP");
        _bench.Receive(Wire.Response((SipRequest)next.Message, 200));
        Status(final).ShouldBe(200);
    }

    [Fact]
    public void A_way_without_a_socket_of_ours_is_stepped_over()
    {
        _bench.Connect = static _ => null;
        var final = Send(OverTcp, Second);
        _bench.Receive(Wire.Response(_bench.TakeRequest("OPTIONS"), 200));
        Status(final).ShouldBe(200);
        Deliver(new PendingResponse(), OverTcp, OverTcp).ShouldBeFalse();
    }

    [Fact]
    public void Other_refusals_are_the_answer()
    {
        foreach (var status in (int[])[404, 408, 486, 500, 504, 600])
        {
            var final = Send(First, Second);
            _bench.Receive(Wire.Response(_bench.TakeRequest("OPTIONS"), status));
            Status(final).ShouldBe(status);
            _bench.ShouldBeSilent();
        }

        _dead.Count.ShouldBe(0);
    }

    [Fact]
    public void A_call_goes_to_the_next_address_and_is_answered_there()
    {
        var log = new DialogLog();
        var call = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("5000", SipBench.Peer), Destination = First, Alternatives = [Second],
                From = new NameAddress(SipUri.Create("postbell", SipBench.Server)), Body = "offer"u8.ToArray(),
            },
            log);
        call.Begin();
        _bench.Run();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 503));
        _bench.TakeRequest("ACK");
        var next = _bench.Take();
        next.To.ShouldBe(Second.EndPoint);
        _bench.Receive(Wire.Response((SipRequest)next.Message, 200, extra: "Contact: <sip:c@192.0.2.10:5060>", body: "answer"));
        _bench.TakeRequest("ACK");
        log.Lines.ShouldBe(["answered 200"]);
    }

    public void Dispose() => _bench.Dispose();

    private Task<SipResponse> Send(params SipDestination[] to)
    {
        var pending = new PendingResponse();
        Deliver(pending, to).ShouldBeTrue();
        return pending.Response;
    }

    private bool Deliver(PendingResponse pending, params SipDestination[] to)
    {
        var request = SipRequest.Create("OPTIONS", SipUri.Create("1001", SipBench.Peer), new NameAddress(SipUri.Create("postbell", SipBench.Server)));
        var sent = _bench.Stack.Clients.Deliver(request, to, null, _bench.Stack.Stripe("x"), pending);
        _bench.Run();
        return sent;
    }

    private static int Status(Task<SipResponse> task)
    {
        task.IsCompletedSuccessfully.ShouldBeTrue();
        return task.GetAwaiter().GetResult().Status;
    }
}
