using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Offers of ours in a call that is up: re-INVITE, glare, UPDATE.</summary>
public sealed class OwnOfferTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private SipDialog Dialog => _bench.Invites[0].Dialog;

    [Fact]
    public void An_offer_is_answered_and_acknowledged_again_when_the_answer_is_repeated()
    {
        Up();
        var offer = Offer();
        var invite = _bench.TakeRequest("INVITE");
        Encoding.UTF8.GetString(invite.Body.Span).ShouldBe("our offer");
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:moved@192.0.2.9>", body: "their answer"));
        _bench.TakeRequest("ACK").RequestUri.User.ShouldBe("moved");
        offer.IsCompletedSuccessfully.ShouldBeTrue();
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:moved@192.0.2.9>", body: "their answer"));
        _bench.TakeRequest("ACK");
    }

    [Fact]
    public void After_glare_the_offer_is_made_again_within_two_seconds()
    {
        Up();
        var offer = Offer();
        var first = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(first, 491));
        _bench.TakeRequest("ACK");
        offer.IsCompleted.ShouldBeFalse();
        _bench.Advance(2_050);
        var second = _bench.TakeAll().Select(sent => sent.Message).OfType<SipRequest>().First(request => request.Method == "INVITE");
        second.CSeq.Number.ShouldBe(first.CSeq.Number + 1);
        _bench.Receive(Wire.Response(second, 200, extra: "Contact: <sip:a@192.0.2.9>"));
        offer.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void An_offer_waits_while_one_of_the_peer_is_unanswered()
    {
        Up();
        IncomingReinvite? theirs = null;
        _log.Offered = reinvite => theirs = reinvite;
        _bench.Receive(Wire.Invite("z9hG4bKre2", 2, toTag: Dialog.LocalTag));
        _bench.TakeResponse(100);
        var offer = Offer();
        _bench.ShouldBeSilent();
        theirs!.Accept("answer"u8.ToArray(), "application/sdp");
        _bench.Run();
        _bench.Receive(Wire.Ack(Dialog.LocalTag, 2, "z9hG4bKack2"));
        _bench.TakeAll();
        _bench.Advance(2_050);
        var invite = _bench.TakeAll().Select(sent => sent.Message).OfType<SipRequest>().First();
        _bench.Receive(Wire.Response(invite, 200, extra: "Contact: <sip:a@192.0.2.9>"));
        offer.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Glare_without_end_ends_with_the_refusal()
    {
        Up();
        var offer = Offer();
        for (var second = 0; second < 60 && !offer.IsCompleted; second++)
        {
            foreach (var request in _bench.TakeAll().Select(sent => sent.Message).OfType<SipRequest>().Where(request => request.Method == "INVITE"))
            {
                _bench.Receive(Wire.Response(request, 491));
            }

            _bench.Advance(400);
        }

        (await offer).Status.ShouldBe(491);
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_offer_leaves_the_call_as_it_was()
    {
        Up();
        var offer = Offer();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 488));
        _bench.TakeRequest("ACK");
        (await offer).Status.ShouldBe(488);
        Dialog.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public async Task A_peer_that_does_not_know_the_call_any_more_ends_it()
    {
        Up();
        var offer = Offer();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 481));
        _bench.TakeRequest("ACK");
        (await offer).Status.ShouldBe(481);
        _log.Lines[^1].ShouldBe("ended PeerGone");
    }

    [Fact]
    public async Task After_the_end_an_offer_is_refused_at_once()
    {
        Up();
        Dialog.Bye();
        _bench.Run();
        _bench.TakeRequest("BYE");
        (await Offer()).Status.ShouldBe(481);
        _bench.ShouldBeSilent();
    }

    private Task<SipResponse> Offer()
    {
        var offer = Dialog.OfferAsync("our offer"u8.ToArray());
        _bench.Run();
        return offer;
    }

    private void Up()
    {
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Ack(Dialog.LocalTag));
        _bench.TakeAll();
    }
}
