using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Reliable provisional responses and PRACK (RFC 3262), as server and as client.</summary>
public sealed class ReliableProvisionalTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public void A_caller_that_requires_it_gets_a_reliable_180_until_its_prack()
    {
        var number = Ring();
        foreach (var wait in (int[])[500, 1000, 2000])
        {
            _bench.Advance(wait - 40);
            _bench.ShouldBeSilent();
            _bench.Advance(60);
            _bench.TakeResponse(180).Headers["RSeq"].ShouldBe(number);
        }

        _bench.Receive(Prack($"{number} 1 INVITE"));
        _bench.TakeResponse(200).CSeq.ShouldBe(new SipCSeq(2, "PRACK"));
        _bench.Advance(60_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_caller_that_only_supports_it_gets_ordinary_responses()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite(extra: "Supported: 100rel"));
        _bench.TakeResponse(100);
        var ringing = _bench.TakeResponse(180);
        ringing.Headers.Contains("RSeq").ShouldBeFalse();
        ringing.Headers.Contains("Require").ShouldBeFalse();
    }

    [Theory]
    [InlineData("1 1 INVITE")]
    [InlineData("{0} 2 INVITE")]
    [InlineData("{0} 1 UPDATE")]
    [InlineData("{0} 1")]
    [InlineData("-5 1 INVITE")]
    [InlineData("99999999999999999999 1 INVITE")]
    [InlineData("")]
    public void A_prack_for_something_else_gets_481_and_stops_nothing(string rack)
    {
        var number = Ring();
        _bench.Receive(Prack(string.Format(null, rack, number)));
        _bench.TakeResponse(481);
        _bench.Advance(520);
        _bench.TakeResponse(180);
    }

    [Fact]
    public void A_second_prack_for_the_same_response_gets_481()
    {
        var number = Ring();
        _bench.Receive(Prack($"{number} 1 INVITE"));
        _bench.TakeResponse(200);
        _bench.Receive(Prack($"{number} 1 INVITE", 3));
        _bench.TakeResponse(481);
    }

    [Fact]
    public void A_prack_outside_of_a_dialog_gets_481()
    {
        _bench.Receive(Wire.Plain("PRACK", "z9hG4bKp", 2, "call-1", null, "RAck: 1 1 INVITE"));
        _bench.TakeResponse(481);
    }

    [Fact]
    public void The_next_provisional_waits_for_the_prack_of_the_last_and_has_the_next_number()
    {
        var number = Ring();
        _bench.Invites[0].Provisional(183);
        _bench.Run();
        _bench.ShouldBeSilent();
        _bench.Receive(Prack($"{number} 1 INVITE"));
        _bench.TakeResponse(200);
        _bench.TakeResponse(183).Headers["RSeq"].ShouldBe((uint.Parse(number) + 1).ToString());
    }

    [Fact]
    public void A_caller_that_never_acknowledges_is_refused_and_the_call_given_up()
    {
        Ring();
        _bench.Advance(32_100);
        var sent = _bench.TakeAll();
        sent.Count(message => message.Message is SipResponse { Status: 180 }).ShouldBe(6);
        sent.ShouldContain(message => message.Message is SipResponse && ((SipResponse)message.Message).Status == 504);
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void An_answer_does_not_wait_for_the_prack_and_ends_the_repetitions()
    {
        var number = Ring();
        _bench.Invites[0].Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Run();
        _bench.TakeResponse(200);
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.Receive(Prack($"{number} 1 INVITE"));
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("PRACK");
        _bench.Advance(10_000);
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void Cancel_ends_the_repetitions()
    {
        Ring();
        _bench.Receive(Wire.Cancel());
        _bench.TakeResponse(200);
        _bench.TakeResponse(487);
        _bench.Receive(Wire.Ack(Dialog.LocalTag, branch: "z9hG4bKinv1"));
        _bench.Advance(40_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void An_offer_in_a_prack_is_not_acceptable()
    {
        var number = Ring();
        _bench.Receive(Prack($"{number} 1 INVITE", body: "offer"));
        _bench.TakeResponse(488);
    }

    [Fact]
    public void Without_an_offer_the_first_reliable_response_is_the_answer()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite(extra: "Require: 100rel", body: null));
        _bench.TakeResponse(100);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_call_of_ours_acknowledges_reliable_responses_once_and_in_order()
    {
        var invite = Call();
        var ringing = Wire.Response(invite, 180, extra: Reliable(7));
        _bench.Receive(ringing);
        var prack = _bench.TakeRequest("PRACK");
        prack.Headers["RAck"].ShouldBe("7 1 INVITE");
        prack.CSeq.Number.ShouldBe(2u);
        prack.RequestUri.ToString().ShouldBe("sip:200@192.0.2.9:5060");
        prack.To.Tag.ShouldBe("callee");
        _bench.Receive(Wire.Response(prack, 200));

        _bench.Receive(ringing);
        _bench.Receive(Wire.Response(invite, 183, extra: Reliable(9)));
        _bench.ShouldBeSilent();
        _bench.Receive(Wire.Response(invite, 183, extra: Reliable(8)));
        _bench.TakeRequest("PRACK").CSeq.Number.ShouldBe(3u);
        _log.Lines.ShouldBe(["provisional 180", "provisional 183"]);
    }

    [Fact]
    public void Requests_in_the_answered_call_count_on_after_the_pracks()
    {
        var invite = Call();
        _bench.Receive(Wire.Response(invite, 180, extra: Reliable(7)));
        _bench.Receive(Wire.Response(_bench.TakeRequest("PRACK"), 200));
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:200@192.0.2.9:5060>"));
        _bench.TakeRequest("ACK").CSeq.Number.ShouldBe(1u);
        _ = Dialogs().SendAsync("INFO");
        _bench.Run();
        _bench.TakeRequest("INFO").CSeq.Number.ShouldBe(3u);
    }

    private static string Reliable(int number) => $"Require: 100rel\nRSeq: {number}\nContact: <sip:200@192.0.2.9:5060>";

    private SipDialog Dialogs() => _bench.Stack.Dialogs.All.Single();

    private SipRequest Call()
    {
        new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("1", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("2", SipBench.Server)),
                Body = "offer"u8.ToArray(),
            },
            _log).Begin();
        _bench.Run();
        return _bench.TakeRequest("INVITE");
    }

    private string Ring()
    {
        _bench.Invited = static invite => invite.Provisional(180);
        _bench.Receive(Wire.Invite(extra: "Require: 100rel"));
        _bench.TakeResponse(100);
        var ringing = _bench.TakeResponse(180);
        ringing.Headers["Require"].ShouldBe("100rel");
        return ringing.Headers["RSeq"]!;
    }

    private string Prack(string rack, int number = 2, string body = "") =>
        Wire.InDialog("PRACK", Dialog.LocalTag, number, $"z9hG4bKprack{number}", extra: $"RAck: {rack}", body: body);
}
