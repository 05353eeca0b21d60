using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Changes of a session that is up: re-INVITE, UPDATE, their order, glare, target refresh, routes.</summary>
public sealed class ReinviteTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public void A_reinvite_is_tried_answered_repeated_and_acknowledged()
    {
        Up();
        _bench.Receive(Reinvite(2));
        _bench.TakeResponse(100);
        Encoding.UTF8.GetString(_bench.TakeResponse(200).Body.Span).ShouldBe("answer");

        _bench.Advance(520);
        _bench.TakeResponse(200);
        _bench.Receive(Wire.Ack(Dialog.LocalTag, 2, "z9hG4bKack2"));
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["acknowledged", "offer INVITE", "acknowledged"]);
    }

    [Fact]
    public void A_reinvite_without_offer_gets_ours_and_its_ack_the_answer()
    {
        Up();
        _log.Offered = static reinvite =>
        {
            reinvite.HasOffer.ShouldBeFalse();
            reinvite.Accept("our offer"u8.ToArray(), "application/sdp");
        };
        _bench.Receive(Reinvite(2, body: null));
        _bench.TakeResponse(100);
        Encoding.UTF8.GetString(_bench.TakeResponse(200).Body.Span).ShouldBe("our offer");
        _bench.Receive(Wire.Ack(Dialog.LocalTag, 2, "z9hG4bKack2", body: "their answer"));
        _log.Lines[^1].ShouldBe("acknowledged");
    }

    [Fact]
    public void A_rejected_reinvite_leaves_the_dialog_up()
    {
        Up();
        _log.Offered = static reinvite => reinvite.Reject(488);
        _bench.Receive(Reinvite(2));
        _bench.TakeResponse(100);
        _bench.TakeResponse(488);
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void An_update_is_answered()
    {
        Up();
        _bench.Receive(Wire.InDialog("UPDATE", Dialog.LocalTag, 2, body: "offer"));
        var ok = _bench.TakeResponse(200);
        ok.CSeq.Method.ShouldBe("UPDATE");
        ok.Contact.ShouldNotBeNull();
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["acknowledged", "offer UPDATE"]);
    }

    [Fact]
    public void Ordinary_reinvites_never_get_491()
    {
        Up();
        for (var number = 2; number < 6; number++)
        {
            _bench.Receive(Reinvite(number));
            _bench.TakeResponse(100);
            _bench.TakeResponse(200);
        }
    }

    [Fact]
    public void A_reinvite_while_our_offer_waits_for_its_answer_gets_491()
    {
        Up();
        _log.Offered = static reinvite => reinvite.Accept("our offer"u8.ToArray(), "application/sdp");
        _bench.Receive(Reinvite(2, body: null));
        _bench.TakeAll();
        _bench.Receive(Reinvite(3));
        _bench.TakeResponse(100);
        _bench.TakeResponse(491);
    }

    [Fact]
    public void A_reinvite_while_our_update_is_under_way_gets_491()
    {
        Up();
        var update = Dialog.SendAsync("UPDATE", "our offer"u8.ToArray(), "application/sdp");
        _bench.Run();
        var request = _bench.TakeRequest("UPDATE");
        _bench.Receive(Reinvite(2));
        _bench.TakeResponse(100);
        _bench.TakeResponse(491);

        _bench.Receive(Wire.Response(request, 200));
        update.IsCompletedSuccessfully.ShouldBeTrue();
        _bench.Receive(Reinvite(3));
        _bench.TakeResponse(100);
        _bench.TakeResponse(200);
    }

    [Fact]
    public void A_reinvite_while_the_last_is_unanswered_gets_500_with_retry_after()
    {
        Up();
        _log.Offered = static _ => { };
        _bench.Receive(Reinvite(2));
        _bench.TakeResponse(100);
        _bench.Receive(Reinvite(3));
        _bench.TakeResponse(100);
        int.Parse(_bench.TakeResponse(500).Headers["Retry-After"]!).ShouldBeInRange(0, 10);
    }

    [Fact]
    public void An_update_before_the_call_is_answered_gets_500_with_retry_after()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        _bench.Receive(Wire.InDialog("UPDATE", Dialog.LocalTag, 2, body: "offer"));
        _bench.TakeResponse(500).Headers.Contains("Retry-After").ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_request_out_of_order_gets_500(int number)
    {
        Up();
        _bench.Receive(Wire.InDialog("INFO", Dialog.LocalTag, 5));
        _bench.TakeResponse(200);
        _bench.Receive(Wire.InDialog("INFO", Dialog.LocalTag, number, "z9hG4bKlate"));
        _bench.TakeResponse(500).Reason.ShouldBe("CSeq Out Of Order");
    }

    [Fact]
    public void Cancel_of_a_reinvite_ends_it_with_487_and_keeps_the_call()
    {
        Up();
        IncomingReinvite? offer = null;
        _log.Offered = reinvite => offer = reinvite;
        _bench.Receive(Reinvite(2));
        _bench.TakeAll();
        _bench.Receive(Wire.Cancel("z9hG4bKre2", 2, toTag: Dialog.LocalTag));

        _bench.TakeResponse(200).CSeq.Method.ShouldBe("CANCEL");
        _bench.TakeResponse(487).CSeq.ShouldBe(new SipCSeq(2, "INVITE"));
        offer!.IsAnswered.ShouldBeTrue();
        offer.Accept("late"u8.ToArray(), "application/sdp");
        _bench.Run();
        _bench.ShouldBeSilent();
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void Bye_while_a_reinvite_is_unanswered_ends_both()
    {
        Up();
        _log.Offered = static _ => { };
        _bench.Receive(Reinvite(2));
        _bench.TakeAll();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 3));
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("BYE");
        _bench.TakeResponse(487).CSeq.Method.ShouldBe("INVITE");
        _log.Lines[^1].ShouldBe("ended Bye");
    }

    [Fact]
    public void A_reinvite_moves_the_remote_target()
    {
        Up();
        _bench.Receive(Reinvite(2).Replace("<sip:200@192.0.2.9:5060>", "<sip:200@192.0.2.88:5099>"));
        _bench.Receive(Wire.Ack(Dialog.LocalTag, 2, "z9hG4bKack2"));
        _bench.TakeAll();
        Dialog.Bye();
        _bench.Run();
        var bye = _bench.Take();
        ((SipRequest)bye.Message).RequestUri.ToString().ShouldBe("sip:200@192.0.2.88:5099");
        bye.To.ToString().ShouldBe("192.0.2.88:5099");
    }

    [Fact]
    public void Our_requests_follow_a_loose_route_set()
    {
        Up("Record-Route: <sip:192.0.2.71;lr>, <sip:192.0.2.72;lr>");
        var bye = ByeOf(out var to);
        bye.RequestUri.ToString().ShouldBe("sip:200@192.0.2.9:5060");
        bye.Headers.GetAll("Route").ShouldBe(["<sip:192.0.2.71;lr>", "<sip:192.0.2.72;lr>"]);
        to.ShouldBe("192.0.2.71:5060");
    }

    [Fact]
    public void A_strict_router_becomes_the_request_uri()
    {
        Up("Record-Route: <sip:192.0.2.71>, <sip:192.0.2.72;lr>");
        var bye = ByeOf(out var to);
        bye.RequestUri.ToString().ShouldBe("sip:192.0.2.71");
        bye.Headers.GetAll("Route").ShouldBe(["<sip:192.0.2.72;lr>", "<sip:200@192.0.2.9:5060>"]);
        to.ShouldBe("192.0.2.71:5060");
    }

    [Fact]
    public void A_next_hop_that_is_a_name_is_reached_the_way_the_call_came()
    {
        Up("Record-Route: <sip:proxy.example.com;lr>");
        ByeOf(out var to).Headers["Route"].ShouldBe("<sip:proxy.example.com;lr>");
        to.ShouldBe("192.0.2.9:5060");
    }

    [Fact]
    public void Over_tcp_our_bye_takes_the_connection_of_the_call_and_a_new_one_when_it_is_gone()
    {
        foreach (var open in (bool[])[true, false])
        {
            using var bench = new SipBench();
            var first = bench.NewConnection();
            var second = bench.NewConnection();
            bench.Connect = _ => second;
            bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
            bench.ReceiveOver(first, Wire.Invite(transport: "TCP").Replace("<sip:200@192.0.2.9:5060>", "<sip:200@pbx.example.com>"));
            bench.ReceiveOver(first, Wire.Ack(bench.Invites[0].Dialog.LocalTag).Replace("/UDP", "/TCP"));
            bench.TakeAll();
            first.IsOpen = open;
            bench.Invites[0].Dialog.Bye();
            bench.Run();
            var bye = bench.Take();
            bye.Channel.ShouldBe(open ? first : second);
            bye.To.ToString().ShouldBe("192.0.2.9:5060");
            bye.Message.Vias[0].Transport.ShouldBe("TCP");
        }
    }

    private SipRequest ByeOf(out string to)
    {
        Dialog.Bye();
        _bench.Run();
        var sent = _bench.Take();
        to = sent.To.ToString();
        return sent.Message.ShouldBeOfType<SipRequest>();
    }

    private void Up(string extra = "")
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(extra: extra));
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.TakeAll();
    }

    private string Reinvite(int number, string? body = "offer") =>
        Wire.Invite($"z9hG4bKre{number}", number, toTag: Dialog.LocalTag, body: body);
}
