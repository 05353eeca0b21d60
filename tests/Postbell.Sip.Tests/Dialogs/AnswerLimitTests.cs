using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>How long calls may wait for an answer, those that come and those we make, and the reasons that both sides give.</summary>
public sealed class AnswerLimitTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_invite_that_nobody_takes_care_of_ends_with_500()
    {
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        _bench.Advance(TimeSpan.FromSeconds(169), TimeSpan.FromSeconds(1));
        _bench.ShouldBeSilent();
        _bench.Advance(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100));
        _bench.Take().Message.ShouldBeOfType<SipResponse>().Status.ShouldBe(500);
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void An_invite_that_only_rings_ends_with_480()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        _bench.Advance(TimeSpan.FromSeconds(171), TimeSpan.FromSeconds(1));
        _bench.Take().Message.ShouldBeOfType<SipResponse>().Status.ShouldBe(480);
    }

    [Fact]
    public void Expires_of_an_invite_ends_it_with_487()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite(extra: "Expires: 20"));
        _bench.TakeAll();
        _bench.Advance(TimeSpan.FromSeconds(19.5), TimeSpan.FromMilliseconds(500));
        _bench.ShouldBeSilent();
        _bench.Advance(TimeSpan.FromSeconds(0.6), TimeSpan.FromMilliseconds(100));
        _bench.TakeResponse(487);
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Expires_does_not_end_a_call_that_was_answered()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(extra: "Expires: 20"));
        _bench.Receive(Wire.Ack(_bench.Invites[0].Dialog.LocalTag));
        _bench.TakeAll();
        _bench.Advance(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));
        _bench.ShouldBeSilent();
        _bench.Stack.Dialogs.Count.ShouldBe(1);
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void An_offer_that_the_application_forgets_is_refused_and_the_call_goes_on()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _log.Offered = static _ => { };
        _bench.Receive(Wire.Invite());
        var tag = _bench.Invites[0].Dialog.LocalTag;
        _bench.Receive(Wire.Ack(tag));
        _bench.Receive(Wire.Invite("z9hG4bKre2", 2, toTag: tag));
        _bench.TakeAll();
        _bench.Advance(TimeSpan.FromSeconds(32.1), TimeSpan.FromMilliseconds(100));
        _bench.TakeResponse(500);
        _bench.Invites[0].Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void The_reason_of_a_cancel_is_told()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Cancel().Replace("Content-Length", "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\nContent-Length"));
        var invite = _bench.Invites[0];
        invite.CancelReasons.Single().IsAnsweredElsewhere.ShouldBeTrue();
        invite.CancelReasons[0].Text.ShouldBe("Call completed elsewhere");
    }

    [Fact]
    public void A_cancel_that_comes_after_the_answer_changes_nothing()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("CANCEL");
        _bench.ShouldBeSilent();
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeFalse();
        _bench.Receive(Wire.Ack(_bench.Invites[0].Dialog.LocalTag));
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void A_call_of_ours_that_rings_too_long_is_cancelled_with_its_reason()
    {
        Call(TimeSpan.FromSeconds(20));
        var invite = _bench.TakeRequest("INVITE");
        invite.Headers["Expires"].ShouldBe("20");
        _bench.Receive(Wire.Response(invite, 180));
        _bench.Advance(TimeSpan.FromSeconds(20.1), TimeSpan.FromMilliseconds(100));
        _bench.TakeRequest("CANCEL").Headers["Reason"].ShouldBe("SIP;cause=408;text=\"Not Answered In Time\"");
        _bench.Receive(Wire.Response(invite, 487));
        _log.Lines.ShouldBe(["provisional 180", "failed 487"]);
    }

    [Fact]
    public void A_call_of_ours_that_is_answered_in_time_goes_on()
    {
        Call(TimeSpan.FromSeconds(20));
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:a@192.0.2.9>"));
        _bench.TakeRequest("ACK");
        _bench.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_fork_that_makes_branch_after_branch_is_heard_sixteen_times()
    {
        Call(null);
        var invite = _bench.TakeRequest("INVITE");
        for (var branch = 0; branch < 500; branch++)
        {
            _bench.Receive(Wire.Response(invite, 183, "branch" + branch, extra: "Require: 100rel\nRSeq: 1\nContact: <sip:a@192.0.2.9>"));
        }

        _bench.TakeAll().Count(sent => sent.Message is SipRequest { Method: "PRACK" }).ShouldBe(16);
        _bench.Receive(Wire.Response(invite, 200, "branch400", extra: "Contact: <sip:a@192.0.2.9>"));
        _bench.TakeRequest("ACK").To.Tag.ShouldBe("branch400");
    }

    private void Call(TimeSpan? ring)
    {
        new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("5000", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("caller", SipBench.Server)),
                Body = "offer"u8.ToArray(),
                RingTime = ring,
            },
            _log).Begin();
        _bench.Run();
    }
}
