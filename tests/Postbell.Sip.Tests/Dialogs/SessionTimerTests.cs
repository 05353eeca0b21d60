using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Session timers (RFC 4028): who refreshes, how, and what becomes of a session that nobody refreshes.</summary>
public sealed class SessionTimerTests : IDisposable
{
    private const string Knows = "Supported: timer\nAllow: INVITE, ACK, BYE, UPDATE";

    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public void An_interval_below_the_minimum_gets_422_with_the_minimum()
    {
        _bench.Receive(Wire.Invite(extra: Knows + "\nSession-Expires: 60"));
        _bench.TakeResponse(422).Headers["Min-SE"].ShouldBe("90");
        _bench.Invites.ShouldBeEmpty();
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void A_short_interval_of_a_peer_without_timers_is_raised_not_refused()
    {
        var ok = Up("Session-Expires: 60");
        ok.Headers["Session-Expires"].ShouldBe("90;refresher=uas");
        ok.Headers.Contains("Require").ShouldBeFalse();
    }

    [Theory]
    [InlineData("Session-Expires: 600;refresher=uac", "600;refresher=uac", true)]
    [InlineData("x: 600 ; refresher=UAC", "600;refresher=uac", true)]
    [InlineData("Session-Expires: 600;refresher=uas", "600;refresher=uas", false)]
    [InlineData("Session-Expires: 600", "600;refresher=uas", false)]
    [InlineData("Session-Expires: 86400;refresher=uac", "1800;refresher=uac", true)]
    [InlineData("Session-Expires: 4000\nMin-SE: 3000", "3000;refresher=uas", false)]
    [InlineData("Subject: none asked", "1800;refresher=uas", false)]
    [InlineData("Session-Expires: soon", "1800;refresher=uas", false)]
    public void The_answer_says_the_interval_and_who_refreshes(string asked, string answered, bool requires)
    {
        var ok = Up(Knows + "\n" + asked);
        ok.Headers["Session-Expires"].ShouldBe(answered);
        ok.Headers.GetAll("Require").ShouldBe(requires ? ["timer"] : []);
    }

    [Fact]
    public void A_peer_that_knows_no_timers_and_asked_for_none_gets_none()
    {
        Up("Allow: INVITE, UPDATE").Headers.Contains("Session-Expires").ShouldBeFalse();
        Acknowledge();
        _bench.Advance(TimeSpan.FromHours(1));
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Require_timer_is_understood()
    {
        Up("Require: timer\nSession-Expires: 600;refresher=uac").Headers["Session-Expires"].ShouldBe("600;refresher=uac");
    }

    [Fact]
    public void A_peer_that_promised_to_refresh_and_died_is_hung_up_before_the_session_expires()
    {
        Up(Knows + "\nSession-Expires: 90;refresher=uac");
        Acknowledge();
        _bench.Advance(59_800);
        _bench.ShouldBeSilent();
        _bench.Advance(400);
        _bench.TakeRequest("BYE").Headers["Reason"].ShouldBe("SIP;cause=408;text=\"Session Expired\"");
        _log.Lines.ShouldBe(["acknowledged", "ended SessionExpired"]);
    }

    [Theory]
    [InlineData("UPDATE")]
    [InlineData("INVITE")]
    public void A_refresh_of_the_peer_starts_the_interval_anew(string method)
    {
        Up(Knows + "\nSession-Expires: 90;refresher=uac");
        Acknowledge();
        _bench.Advance(50_000);
        var refresh = "Supported: timer\nSession-Expires: 90;refresher=uac";
        _bench.Receive(method == "UPDATE"
            ? Wire.InDialog("UPDATE", Dialog.LocalTag, 2, extra: refresh)
            : Wire.Invite("z9hG4bKre", 2, toTag: Dialog.LocalTag, extra: refresh));
        var answers = _bench.TakeAll();
        answers[^1].Message.Headers["Session-Expires"].ShouldBe("90;refresher=uac");
        _bench.Receive(Wire.Ack(Dialog.LocalTag, 2, "z9hG4bKack2"));
        _bench.Advance(50_000);
        _bench.ShouldBeSilent();
        Dialog.IsEnded.ShouldBeFalse();
        _bench.Advance(10_100);
        _bench.TakeRequest("BYE");
    }

    [Fact]
    public void As_refresher_we_send_update_at_half_time_again_and_again()
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        for (var round = 0; round < 3; round++)
        {
            _bench.Advance(49_900);
            _bench.ShouldBeSilent();
            _bench.Advance(200);
            var update = _bench.TakeRequest("UPDATE");
            update.Headers["Session-Expires"].ShouldBe("100;refresher=uac");
            update.Headers["Supported"]!.ShouldContain("timer");
            update.Body.IsEmpty.ShouldBeTrue();
            _bench.Receive(Wire.Response(update, 200, extra: "Session-Expires: 100;refresher=uac\nRequire: timer"));
        }

        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void A_refreshing_peer_that_takes_over_is_waited_for()
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        _bench.Receive(Wire.Response(_bench.TakeRequest("UPDATE"), 200, extra: "Session-Expires: 100;refresher=uas"));
        _bench.Advance(66_000);
        _bench.ShouldBeSilent();
        _bench.Advance(3_000);
        _bench.TakeRequest("BYE");
    }

    [Fact]
    public void A_peer_without_update_is_refreshed_by_a_reinvite_that_changes_nothing()
    {
        Up("Supported: timer\nAllow: INVITE, ACK, BYE\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        var invite = _bench.TakeRequest("INVITE");
        System.Text.Encoding.UTF8.GetString(invite.Body.Span).ShouldBe("answer");
        var answer = Wire.Response(invite, 200, extra: "Session-Expires: 100;refresher=uac\nContent-Type: application/sdp");
        _bench.Receive(answer);
        _bench.TakeRequest("ACK").CSeq.Number.ShouldBe(invite.CSeq.Number);
        _bench.Receive(answer);
        _bench.TakeRequest("ACK");
        _log.Lines.ShouldBe(["acknowledged", "refreshed"]);
        _bench.Advance(49_800);
        _bench.ShouldBeSilent();
        _bench.Advance(400);
        _bench.TakeRequest("INVITE");
    }

    [Fact]
    public void An_update_that_is_not_taken_is_followed_by_a_reinvite()
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        _bench.Receive(Wire.Response(_bench.TakeRequest("UPDATE"), 405));
        _bench.Advance(2_100);
        _bench.TakeRequest("INVITE");
    }

    [Fact]
    public void A_server_on_the_way_that_wants_longer_intervals_gets_them()
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        _bench.Receive(Wire.Response(_bench.TakeRequest("UPDATE"), 422, extra: "Min-SE: 240"));
        _bench.Advance(2_100);
        var update = _bench.TakeRequest("UPDATE");
        update.Headers["Session-Expires"].ShouldBe("240;refresher=uac");
        update.Headers["Min-SE"].ShouldBe("240");
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    public void A_peer_that_no_longer_knows_the_call_is_let_go(int status)
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        _bench.Receive(Wire.Response(_bench.TakeRequest("UPDATE"), status));
        _bench.TakeRequest("BYE");
        _log.Lines[^1].ShouldBe("ended PeerGone");
    }

    [Fact]
    public void A_peer_that_answers_no_refresh_at_all_is_hung_up()
    {
        Up(Knows + "\nSession-Expires: 600;refresher=uas");
        Acknowledge();
        _bench.Advance(TimeSpan.FromSeconds(333));
        _bench.TakeAll()[^1].Message.ShouldBeOfType<SipRequest>().Method.ShouldBe("BYE");
        _log.Lines[^1].ShouldBe("ended PeerGone");
    }

    [Fact]
    public void While_our_reinvite_is_under_way_one_of_the_peer_gets_491()
    {
        Up("Supported: timer\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Advance(50_100);
        _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Invite("z9hG4bKre", 2, toTag: Dialog.LocalTag));
        _bench.TakeResponse(100);
        _bench.TakeResponse(491);
    }

    [Fact]
    public void A_call_that_ended_is_not_refreshed_and_leaves_no_timer()
    {
        Up(Knows + "\nSession-Expires: 100;refresher=uas");
        Acknowledge();
        _bench.Receive(Wire.InDialog("BYE", Dialog.LocalTag, 2));
        _bench.TakeResponse(200);
        _bench.Advance(120_000);
        _bench.ShouldBeSilent();
        _bench.Wheel.Pending.ShouldBe(0);
    }

    [Fact]
    public void A_call_of_ours_is_refreshed_as_its_answer_asks()
    {
        var call = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("1", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("2", SipBench.Server)),
                Body = "offer"u8.ToArray(),
            },
            _log);
        call.Begin();
        _bench.Run();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 200, extra: Knows + "\nRequire: timer\nSession-Expires: 100;refresher=uac"));
        _bench.TakeRequest("ACK");
        _bench.Advance(50_100);
        _bench.TakeRequest("UPDATE").CSeq.Number.ShouldBe(invite.CSeq.Number + 1);
    }

    private SipResponse Up(string extra)
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(extra: extra));
        _bench.TakeResponse(100);
        return _bench.TakeResponse(200);
    }

    private void Acknowledge()
    {
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.TakeAll();
    }
}
