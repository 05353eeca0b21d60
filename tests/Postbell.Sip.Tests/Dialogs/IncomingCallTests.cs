using System.Net;
using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>A call that comes in: answer, ACK, CANCEL, BYE, and what happens when something of it is lost.</summary>
public sealed class IncomingCallTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public void A_2xx_is_retransmitted_until_the_ACK_comes()
    {
        Answer();

        foreach (var wait in (int[])[500, 1000, 2000, 4000, 4000])
        {
            _bench.Advance(wait - 60);
            _bench.ShouldBeSilent();
            _bench.Advance(80);
            _bench.TakeResponse(200);
        }

        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.Advance(60_000);
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void A_2xx_is_retransmitted_over_tcp_too()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.ReceiveOver(_bench.NewConnection(), Wire.Invite(transport: "TCP"));
        _bench.TakeAll();
        _bench.Advance(520);
        _bench.TakeResponse(200);
    }

    [Fact]
    public void Without_an_ACK_for_64_T1_the_dialog_ends_with_a_BYE()
    {
        Answer();
        _bench.Advance(32_100);

        var sent = _bench.TakeAll();
        sent.Count(m => m.Message is SipResponse).ShouldBe(10);
        sent[^1].Message.ShouldBeOfType<SipRequest>().Method.ShouldBe("BYE");
        _log.Lines.ShouldBe(["ended NoAck"]);
    }

    [Fact]
    public void The_answer_has_contact_allow_supported_record_route_and_body()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log, new SipHeader("X-Note", "hello"));
        _bench.Receive(Wire.Invite(extra: "Record-Route: <sip:192.0.2.71;lr>\nRecord-Route: <sip:192.0.2.72;lr>"));
        _bench.TakeResponse(100);

        var answer = _bench.TakeResponse(200);
        answer.Headers.GetAll("Record-Route").ShouldBe(["<sip:192.0.2.71;lr>", "<sip:192.0.2.72;lr>"]);
        answer.Contact!.Uri.ToString().ShouldBe("sip:192.0.2.1:5060");
        answer.Headers["Allow"]!.ShouldContain("UPDATE");
        answer.Headers.Contains("Supported").ShouldBeTrue();
        answer.ContentType.ShouldBe("application/sdp");
        answer.Headers["X-Note"].ShouldBe("hello");
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("answer");
        answer.To.Tag.ShouldBe(Dialog.LocalTag);
    }

    [Fact]
    public void A_repeated_ACK_is_reported_once_with_its_body()
    {
        Answer(offer: null);
        _bench.Receive(Wire.Ack(Dialog.LocalTag, body: "late answer"));
        _bench.Receive(Wire.Ack(Dialog.LocalTag, body: "late answer"));

        Encoding.UTF8.GetString(_log.LastAck!.Body.Span).ShouldBe("late answer");
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void An_ACK_that_wrongly_keeps_the_branch_of_the_invite_is_taken()
    {
        Answer();
        _bench.Receive(Wire.Ack(Dialog.LocalTag, branch: "z9hG4bKinv1"));
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void Cancel_gets_200_and_the_invite_487()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        var tag = Dialog.LocalTag;

        _bench.Receive(Wire.Cancel());

        var ok = _bench.TakeResponse(200);
        ok.CSeq.Method.ShouldBe("CANCEL");
        ok.To.Tag.ShouldBe(tag);
        var terminated = _bench.TakeResponse(487);
        terminated.CSeq.Method.ShouldBe("INVITE");
        terminated.To.Tag.ShouldBe(tag);
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_repeated_cancel_gets_200_again_and_nothing_else()
    {
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Cancel());
        _bench.TakeAll();
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("CANCEL");
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_cancel_after_the_answer_changes_nothing()
    {
        Answer();
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("CANCEL");
        _bench.ShouldBeSilent();
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeFalse();
        _bench.Stack.Dialogs.Count.ShouldBe(1);
    }

    [Fact]
    public void A_cancel_for_nothing_gets_481()
    {
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(481);
    }

    [Fact]
    public void An_answer_after_a_cancel_is_not_sent()
    {
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Cancel());
        _bench.TakeAll();
        _bench.Invites[0].Accept(default, "application/sdp", _log);
        _bench.Run();
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Bye_gets_200_and_ends_the_dialog_with_its_reason()
    {
        AnswerAndAcknowledge();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2, extra: "Reason: Q.850;cause=16;text=\"normal\""));

        _bench.TakeResponse(200).CSeq.Method.ShouldBe("BYE");
        _log.End.ShouldBe(new SipDialogEnd(SipDialogEndKind.Bye, new SipReason("Q.850", 16, "normal")));
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_repeated_bye_gets_200_again_and_a_later_one_481()
    {
        AnswerAndAcknowledge();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.TakeResponse(200);
        _bench.TakeResponse(200);
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 3, "z9hG4bKdlg2"));
        _bench.TakeResponse(481);
        _log.Lines.ShouldBe(["acknowledged", "ended Bye"]);
    }

    [Fact]
    public void A_bye_before_the_ack_stops_the_repetition_of_the_2xx()
    {
        Answer();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("BYE");
        _bench.Advance(40_000);
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["ended Bye"]);
    }

    [Fact]
    public void A_bye_before_the_answer_ends_the_invite_with_487()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));

        _bench.TakeResponse(200).CSeq.Method.ShouldBe("BYE");
        _bench.TakeResponse(487).CSeq.Method.ShouldBe("INVITE");
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Our_bye_waits_for_the_ack()
    {
        Answer();
        Dialog.Bye(new SipHeader("Reason", "SIP;cause=200"));
        _bench.Run();
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["ended LocalBye"]);

        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        var bye = _bench.TakeRequest("BYE");
        bye.Headers["Reason"].ShouldBe("SIP;cause=200");
        _bench.Receive(Wire.Response(bye, 200));
        _bench.Advance(6_000);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
        _log.Lines.ShouldBe(["ended LocalBye"]);
    }

    [Fact]
    public void Our_bye_leaves_without_ack_after_64_T1()
    {
        Answer();
        Dialog.Bye();
        _bench.Advance(32_100);
        _bench.TakeAll()[^1].Message.ShouldBeOfType<SipRequest>().Method.ShouldBe("BYE");
    }

    [Fact]
    public void Our_bye_is_addressed_as_the_dialog_says()
    {
        AnswerAndAcknowledge();
        Dialog.Bye();
        _bench.Run();

        var sent = _bench.Take();
        var bye = sent.Message.ShouldBeOfType<SipRequest>();
        bye.RequestUri.ToString().ShouldBe("sip:200@192.0.2.9:5060");
        bye.Headers["To"].ShouldBe("\"Caller\" <sip:200@192.0.2.9>;tag=peer");
        bye.From.Tag.ShouldBe(Dialog.LocalTag);
        bye.CSeq.ShouldBe(new SipCSeq(1, "BYE"));
        bye.MaxForwards.ShouldBe(70);
        sent.To.ShouldBe(SipBench.Peer);
    }

    [Fact]
    public void Byes_that_cross_each_other_are_both_answered()
    {
        AnswerAndAcknowledge();
        Dialog.Bye();
        _bench.Run();
        var bye = _bench.TakeRequest("BYE");
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.TakeResponse(200);
        _bench.Receive(Wire.Response(bye, 481));
        _log.Lines.ShouldBe(["acknowledged", "ended LocalBye"]);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void Bye_on_a_call_not_answered_refuses_it()
    {
        _bench.Invited = static invite => invite.Dialog.Bye();
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.TakeResponse(480);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_redirect_carries_the_contact_it_was_given()
    {
        _bench.Invited = static invite => invite.Reject(302, "Moved Temporarily", new SipHeader("Contact", "<sip:5000@192.0.2.44:5062;transport=Tcp>"));
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        var moved = _bench.TakeResponse(302);
        moved.Headers.GetAll("Contact").ShouldBe(["<sip:5000@192.0.2.44:5062;transport=Tcp>"]);
    }

    [Fact]
    public void Requests_in_a_dialog_go_to_its_events()
    {
        AnswerAndAcknowledge();
        _bench.Receive(Wire.InDialog("INFO", Dialog.LocalTag, 2, extra: "Info-Package: test"));
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("INFO");
        _log.Lines.ShouldBe(["acknowledged", "request INFO"]);
    }

    [Fact]
    public void Options_in_a_dialog_is_answered_at_once()
    {
        AnswerAndAcknowledge();
        _bench.Receive(Wire.InDialog("OPTIONS", Dialog.LocalTag, 2));
        _bench.TakeResponse(200).Headers["Allow"].ShouldNotBeNull();
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public async Task Our_own_requests_count_up_and_a_481_to_one_ends_the_dialog()
    {
        AnswerAndAcknowledge();
        var info = Dialog.SendAsync("INFO", "x"u8.ToArray(), "text/plain");
        _bench.Run();
        var first = _bench.TakeRequest("INFO");
        first.CSeq.Number.ShouldBe(1u);
        _bench.Receive(Wire.Response(first, 200));
        (await info).Status.ShouldBe(200);

        var notify = Dialog.SendAsync("NOTIFY");
        _bench.Run();
        var second = _bench.TakeRequest("NOTIFY");
        second.CSeq.Number.ShouldBe(2u);
        _bench.Receive(Wire.Response(second, 481));
        (await notify).Status.ShouldBe(481);
        _bench.TakeRequest("BYE");
        _log.Lines.ShouldBe(["acknowledged", "ended PeerGone"]);
    }

    [Fact]
    public async Task After_the_end_nothing_of_ours_is_sent()
    {
        AnswerAndAcknowledge();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.TakeResponse(200);
        var info = Dialog.SendAsync("INFO");
        Dialog.Bye();
        _bench.Run();
        _bench.ShouldBeSilent();
        var response = await info;
        response.Status.ShouldBe(481);
        response.IsLocal.ShouldBeTrue();
    }

    [Fact]
    public void The_session_description_of_a_multipart_offer_is_found()
    {
        const string Body = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--";
        _bench.Receive(Encoding.UTF8.GetBytes(
            SipBench.Lines(Wire.Invite(body: null).Replace("Content-Length: 0", $"Content-Type: multipart/mixed;boundary=b\nContent-Length: {Body.Length}")) + Body));
        Encoding.UTF8.GetString(_bench.Invites[0].Offer.Span).ShouldBe("v=0");
    }

    [Fact]
    public void The_invite_tells_where_it_came_from_and_where_it_arrived()
    {
        _bench.Receive(Wire.Invite(), new IPEndPoint(IPAddress.Parse("192.0.2.33"), 6000));
        var invite = _bench.Invites[0];
        invite.Source.ShouldBe(new IPEndPoint(IPAddress.Parse("192.0.2.33"), 6000));
        invite.LocalEndPoint.ShouldBe(SipBench.Server);
        invite.Transport.ShouldBe(SipTransport.Udp);
    }

    [Fact]
    public void A_fault_of_the_application_is_a_500_to_the_caller()
    {
        _bench.Invited = static _ => throw new InvalidOperationException("boom");
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.TakeResponse(500);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_fault_in_a_dialog_is_a_500_and_the_dialog_goes_on()
    {
        AnswerAndAcknowledge();
        _log.Requested = static _ => throw new InvalidOperationException("boom");
        _log.Offered = static _ => throw new InvalidOperationException("boom");
        _bench.Receive(Wire.InDialog("INFO", Dialog.LocalTag, 2));
        _bench.TakeResponse(500);
        _bench.Receive(Wire.Invite("z9hG4bKre3", 3, toTag: Dialog.LocalTag));
        _bench.TakeResponse(100);
        _bench.TakeResponse(500);
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 4, "z9hG4bKbye"));
        _bench.TakeResponse(200);
    }

    private void Answer(string? offer = "offer")
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(body: offer));
        _bench.TakeResponse(100);
        _bench.TakeResponse(200);
    }

    private void AnswerAndAcknowledge()
    {
        Answer();
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
    }
}
