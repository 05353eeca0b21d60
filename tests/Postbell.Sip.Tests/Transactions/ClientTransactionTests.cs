using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Tests.Transactions;

/// <summary>RFC 3261 section 17.1: timers A, B, D, E, F, K, M and what is done with responses.</summary>
public sealed class ClientTransactionTests : IDisposable
{
    private static readonly SipDestination OverUdp = new(SipTransport.Udp, SipBench.Peer);
    private static readonly SipDestination OverTcp = new(SipTransport.Tcp, SipBench.Peer);

    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Timer_E_repeats_a_request_from_T1_up_to_T2()
    {
        var response = Options(OverUdp);
        var first = _bench.TakeRequest("OPTIONS");

        foreach (var wait in (int[])[500, 1000, 2000, 4000, 4000])
        {
            _bench.Advance(wait - 60);
            _bench.ShouldBeSilent();
            _bench.Advance(80);
            _bench.TakeRequest("OPTIONS").ToString().ShouldBe(first.ToString());
        }

        _bench.Receive(Wire.Response(first, 200));
        (await response).Status.ShouldBe(200);
        _bench.Advance(40_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public async Task Timer_E_is_T2_once_a_provisional_response_came()
    {
        var response = Options(OverUdp);
        var request = _bench.TakeRequest("OPTIONS");
        _bench.Receive(Wire.Response(request, 100));

        _bench.Advance(520);
        _bench.TakeAll().Count.ShouldBe(1);
        _bench.Advance(3_900);
        _bench.ShouldBeSilent();
        _bench.Advance(120);
        _bench.TakeAll().Count.ShouldBe(1);

        _bench.Receive(Wire.Response(request, 200));
        (await response).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Timer_F_ends_the_wait_with_a_local_408()
    {
        var response = Options(OverUdp);
        _bench.Advance(32_100);

        var timeout = await response;
        timeout.Status.ShouldBe(408);
        timeout.IsLocal.ShouldBeTrue();
        _bench.TakeAll().Count.ShouldBe(11);
        _bench.Stack.Transactions.ClientCount.ShouldBe(0);
    }

    [Fact]
    public async Task Timer_K_absorbs_repeated_answers_for_T4()
    {
        var response = Options(OverUdp);
        var request = _bench.TakeRequest("OPTIONS");
        _bench.Receive(Wire.Response(request, 200));
        _bench.Receive(Wire.Response(request, 200));
        (await response).Status.ShouldBe(200);

        _bench.Advance(4_900);
        _bench.Stack.Transactions.ClientCount.ShouldBe(1);
        _bench.Advance(200);
        _bench.Stack.Transactions.ClientCount.ShouldBe(0);
        _bench.Stack.Statistics.StrayResponses.ShouldBe(0);
    }

    [Fact]
    public async Task Over_tcp_nothing_is_repeated_and_a_failed_connection_is_a_local_503()
    {
        var connection = _bench.NewConnection();
        _bench.Connect = _ => connection;
        var silent = Options(OverTcp);
        _bench.TakeAll().Count.ShouldBe(1);
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
        silent.IsCompleted.ShouldBeFalse();

        connection.Fails = true;
        var failed = await Options(OverTcp);
        failed.Status.ShouldBe(503);
        failed.IsLocal.ShouldBeTrue();
    }

    [Fact]
    public void A_response_to_nothing_of_ours_is_counted_and_dropped()
    {
        var response = Options(OverUdp);
        var request = _bench.TakeRequest("OPTIONS");
        _bench.Receive(Wire.Response(request, 200).Replace(request.Vias[0].Branch!, "z9hG4bKother"));

        response.IsCompleted.ShouldBeFalse();
        _bench.Stack.Statistics.StrayResponses.ShouldBe(1);
    }

    [Fact]
    public void A_response_with_two_vias_is_dropped()
    {
        var response = Options(OverUdp);
        var request = _bench.TakeRequest("OPTIONS");
        _bench.Receive(Wire.Response(request, 200, extra: "Via: SIP/2.0/UDP 192.0.2.77"));
        response.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Timer_A_doubles_without_limit_and_timer_B_fails_the_call()
    {
        var call = Call();
        var sent = 0;
        foreach (var wait in (int[])[0, 500, 1000, 2000, 4000, 8000, 16_000])
        {
            _bench.Advance(wait + 20);
            sent += _bench.TakeAll().Count;
        }

        sent.ShouldBe(7);
        _bench.Advance(1_000);
        call.Final.IsCompleted.ShouldBeTrue();
        _log.Lines.ShouldBe(["failed 408"]);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_provisional_response_stops_the_repetition_and_the_timeout()
    {
        Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 180));
        _bench.Advance(120_000);

        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["provisional 180"]);
    }

    [Fact]
    public void A_failure_is_acknowledged_on_the_way_of_the_invite_and_again_when_repeated()
    {
        Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 486));

        var ack = _bench.TakeRequest("ACK");
        ack.Vias[0].Branch.ShouldBe(invite.Vias[0].Branch);
        ack.To.Tag.ShouldBe("callee");
        ack.CSeq.ShouldBe(new SipCSeq(1, "ACK"));

        _bench.Receive(Wire.Response(invite, 486));
        _bench.TakeRequest("ACK");
        _log.Lines.ShouldBe(["failed 486"]);
    }

    [Fact]
    public void Timer_D_keeps_the_transaction_for_32_seconds()
    {
        Call();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 486));
        _bench.Advance(31_900);
        _bench.Stack.Transactions.ClientCount.ShouldBe(1);
        _bench.Advance(200);
        _bench.Stack.Transactions.ClientCount.ShouldBe(0);
    }

    [Fact]
    public void A_success_is_acknowledged_in_the_dialog_and_again_when_repeated()
    {
        Call();
        var invite = _bench.TakeRequest("INVITE");
        var success = Wire.Response(invite, 200, extra: "Contact: <sip:callee@192.0.2.55:5070>", body: "answer");
        _bench.Receive(success);

        var sent = _bench.Take();
        var ack = sent.Message.ShouldBeOfType<SipRequest>();
        ack.Method.ShouldBe("ACK");
        ack.RequestUri.ToString().ShouldBe("sip:callee@192.0.2.55:5070");
        ack.Vias[0].Branch.ShouldNotBe(invite.Vias[0].Branch);
        sent.To.ShouldBe(new IPEndPoint(IPAddress.Parse("192.0.2.55"), 5070));

        _bench.Receive(success);
        _bench.TakeRequest("ACK").ToString().ShouldBe(ack.ToString());
        _log.Lines.ShouldBe(["answered 200"]);
    }

    [Fact]
    public void Timer_M_ends_the_accepted_state()
    {
        Call();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 200, extra: "Contact: <sip:callee@192.0.2.9>"));
        _bench.Advance(31_900);
        _bench.Stack.Transactions.ClientCount.ShouldBe(1);
        _bench.Advance(200);
        _bench.Stack.Transactions.ClientCount.ShouldBe(0);
        _bench.Stack.Dialogs.Count.ShouldBe(1);
    }

    [Fact]
    public void Another_branch_of_a_fork_that_answers_too_gets_ack_and_bye()
    {
        Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 200, "first", extra: "Contact: <sip:first@192.0.2.9>"));
        _bench.TakeRequest("ACK");
        _bench.Receive(Wire.Response(invite, 200, "second", extra: "Contact: <sip:second@192.0.2.9>"));

        _bench.TakeRequest("ACK").RequestUri.User.ShouldBe("second");
        var bye = _bench.TakeRequest("BYE");
        bye.To.Tag.ShouldBe("second");
        _bench.Receive(Wire.Response(bye, 200));
        _bench.Stack.Dialogs.Count.ShouldBe(1);
        _log.Lines.ShouldBe(["answered 200"]);
    }

    [Fact]
    public void Cancel_waits_for_a_provisional_response_and_goes_the_way_of_the_invite()
    {
        var call = Call();
        var invite = _bench.TakeRequest("INVITE");
        call.Cancel();
        _bench.Run();
        _bench.ShouldBeSilent();

        _bench.Receive(Wire.Response(invite, 180));
        var cancel = _bench.TakeRequest("CANCEL");
        cancel.Vias[0].ShouldBe(invite.Vias[0] with { Parameters = cancel.Vias[0].Parameters });
        cancel.Vias[0].Branch.ShouldBe(invite.Vias[0].Branch);
        cancel.RequestUri.ToString().ShouldBe(invite.RequestUri.ToString());
        cancel.CSeq.ShouldBe(new SipCSeq(1, "CANCEL"));

        _bench.Receive(Wire.Response(cancel, 200));
        _bench.Receive(Wire.Response(invite, 487));
        _bench.TakeRequest("ACK");
        _log.Lines.ShouldBe(["failed 487"]);
    }

    [Fact]
    public void An_answer_that_crosses_the_cancel_gets_ack_and_bye()
    {
        var call = Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 180));
        call.Cancel();
        _bench.Run();
        _bench.TakeRequest("CANCEL");
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:callee@192.0.2.9>"));

        _bench.TakeRequest("ACK");
        _bench.TakeRequest("BYE");
        _log.Lines.ShouldBe(["provisional 180", "failed 487"]);
    }

    [Fact]
    public void A_cancelled_invite_without_final_response_is_given_up_after_64_T1()
    {
        var call = Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 180));
        call.Cancel();
        _bench.Run();
        _bench.Receive(Wire.Response(_bench.TakeRequest("CANCEL"), 200));
        _bench.Advance(32_100);

        _log.Lines.ShouldBe(["provisional 180", "failed 487"]);
        _bench.Stack.Transactions.ClientCount.ShouldBe(0);
    }

    [Fact]
    public void An_invite_without_offer_is_acknowledged_with_the_answer()
    {
        var call = Call(body: "");
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:callee@192.0.2.9>", body: "their offer"));
        _bench.ShouldBeSilent();

        call.Acknowledge("our answer"u8.ToArray(), "application/sdp");
        _bench.Run();

        var ack = _bench.TakeRequest("ACK");
        System.Text.Encoding.UTF8.GetString(ack.Body.Span).ShouldBe("our answer");
        ack.ContentType.ShouldBe("application/sdp");
    }

    [Fact]
    public void The_route_set_of_a_call_we_make_is_the_record_route_reversed()
    {
        var call = Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(
            invite, 200, extra: "Contact: <sip:callee@192.0.2.55>\nRecord-Route: <sip:192.0.2.72;lr>, <sip:192.0.2.71;lr>"));

        var ack = _bench.Take();
        ack.Message.Headers.GetAll("Route").ShouldBe(["<sip:192.0.2.71;lr>", "<sip:192.0.2.72;lr>"]);
        ack.To.Address.ToString().ShouldBe("192.0.2.71");
        call.Dialog!.RemoteTarget.ToString().ShouldBe("sip:callee@192.0.2.55");
    }

    private Task<SipResponse> Options(SipDestination to)
    {
        var uri = SipUri.Create(null, SipBench.Peer);
        var request = SipRequest.Create(SipMethods.Options, uri, new NameAddress(SipUri.Create(null, SipBench.Server)));
        var pending = new PendingResponse();
        _bench.Stack.Clients.Send(request, to, null, _bench.Stack.NewExecutor(), pending).ShouldNotBeNull();
        _bench.Run();
        return pending.Response;
    }

    private OutgoingInvite Call(string body = "offer")
    {
        var invite = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("5000", SipBench.Peer),
                Destination = OverUdp,
                From = new NameAddress(SipUri.Create("caller", SipBench.Server)),
                Body = System.Text.Encoding.UTF8.GetBytes(body),
            },
            _log);
        invite.Begin();
        _bench.Run();
        return invite;
    }
}
