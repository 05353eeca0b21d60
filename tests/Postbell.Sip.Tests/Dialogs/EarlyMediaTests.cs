using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Sessions that are agreed before the call is answered: 183 with a description, PRACK and UPDATE with offers (RFC 3262, RFC 3311).</summary>
public sealed class EarlyMediaTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    private IncomingInvite Invite => _bench.Invites[0];

    [Fact]
    public void A_caller_that_supports_it_gets_the_answer_reliably()
    {
        var progress = Progress();
        progress.Headers["Require"].ShouldBe("100rel");
        progress.Headers["Contact"].ShouldNotBeNull();
        Encoding.UTF8.GetString(progress.Body.Span).ShouldBe("early answer");
        _bench.Advance(520);
        _bench.TakeResponse(183);
        _bench.Receive(Prack(progress));
        _bench.TakeResponse(200).Body.IsEmpty.ShouldBeTrue();
        _bench.Advance(20_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_caller_that_does_not_gets_it_once()
    {
        var progress = Progress(extra: "");
        progress.Headers.Contains("RSeq").ShouldBeFalse();
        Encoding.UTF8.GetString(progress.Body.Span).ShouldBe("early answer");
        _bench.Advance(20_000);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void Without_an_offer_there_is_nothing_to_answer_early()
    {
        _bench.Invited = invite => invite.Progress("early answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(body: null, extra: "Supported: 100rel"));
        _bench.TakeResponse(100);
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void The_2xx_waits_for_the_prack_of_the_answer()
    {
        var progress = Progress();
        Invite.Accept("early answer"u8.ToArray(), "application/sdp", _log);
        _bench.Run();
        _bench.ShouldBeSilent();
        _bench.Receive(Prack(progress));
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("PRACK");
        _bench.TakeResponse(200).CSeq.Method.ShouldBe("INVITE");
        _bench.Receive(Wire.Ack(Invite.Dialog.LocalTag));
        _log.Lines.ShouldBe(["acknowledged"]);
    }

    [Fact]
    public void A_2xx_that_waits_for_a_prack_that_never_comes_is_a_504()
    {
        Progress();
        Invite.Accept("early answer"u8.ToArray(), "application/sdp", _log);
        _bench.Advance(32_100);
        _bench.TakeAll().Select(sent => sent.Message).OfType<SipResponse>().Last().Status.ShouldBe(504);
        Invite.Cancelled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void An_offer_in_the_prack_is_answered_in_its_200()
    {
        var progress = Progress();
        _log.Offered = static reinvite =>
        {
            reinvite.HasOffer.ShouldBeTrue();
            reinvite.IsUpdate.ShouldBeFalse();
            reinvite.Accept("second answer"u8.ToArray(), "application/sdp");
        };
        _bench.Receive(Prack(progress, "second offer"));
        var ok = _bench.TakeResponse(200);
        ok.CSeq.Method.ShouldBe("PRACK");
        Encoding.UTF8.GetString(ok.Body.Span).ShouldBe("second answer");
        _log.Lines.ShouldBe(["offer PRACK"]);
    }

    [Fact]
    public void An_offer_in_a_prack_can_be_refused_and_the_call_goes_on()
    {
        var progress = Progress();
        _log.Offered = static reinvite => reinvite.Reject(488);
        _bench.Receive(Prack(progress, "second offer"));
        _bench.TakeResponse(488);
        Invite.Accept("early answer"u8.ToArray(), "application/sdp", _log);
        _bench.Run();
        _bench.TakeResponse(200);
    }

    [Fact]
    public void An_update_with_an_offer_is_answered_once_the_first_answer_is_acknowledged()
    {
        var progress = Progress();
        _bench.Receive(Wire.InDialog("UPDATE", Invite.Dialog.LocalTag, 2, "z9hG4bKup1", body: "offer"));
        _bench.TakeResponse(500).Headers.Contains("Retry-After").ShouldBeTrue();
        _bench.Receive(Prack(progress, number: 3));
        _bench.TakeResponse(200);
        _bench.Receive(Wire.InDialog("UPDATE", Invite.Dialog.LocalTag, 4, "z9hG4bKup2", body: "offer"));
        var ok = _bench.TakeResponse(200);
        ok.CSeq.Method.ShouldBe("UPDATE");
        Encoding.UTF8.GetString(ok.Body.Span).ShouldBe("answer");
    }

    [Fact]
    public void An_update_without_offer_refreshes_the_target_before_the_answer()
    {
        Progress();
        _log.Offered = static reinvite => reinvite.Accept(default, null);
        _bench.Receive(Wire.InDialog("UPDATE", Invite.Dialog.LocalTag, 2, "z9hG4bKup1", extra: "Contact: <sip:moved@192.0.2.9>"));
        _bench.TakeResponse(200);
        Invite.Dialog.RemoteTarget.User.ShouldBe("moved");
    }

    [Fact]
    public void Cancel_during_early_media_ends_it_all()
    {
        Progress();
        _log.Offered = static _ => { };
        _bench.Receive(Wire.InDialog("UPDATE", Invite.Dialog.LocalTag, 2, "z9hG4bKup1"));
        _bench.Receive(Wire.Cancel());
        _bench.TakeAll().Select(sent => ((SipResponse)sent.Message).Status).ShouldBe([200, 487, 487], ignoreOrder: true);
        Invite.Cancelled.IsCancellationRequested.ShouldBeTrue();
    }

    private SipResponse Progress(string extra = "Supported: 100rel")
    {
        _bench.Invited = invite => invite.Progress("early answer"u8.ToArray(), "application/sdp", _log);
        _bench.Receive(Wire.Invite(extra: extra));
        _bench.TakeResponse(100);
        return _bench.TakeResponse(183);
    }

    private string Prack(SipResponse progress, string body = "", int number = 2) =>
        Wire.InDialog("PRACK", Invite.Dialog.LocalTag, number, $"z9hG4bKprack{number}", extra: $"RAck: {progress.Headers["RSeq"]} 1 INVITE", body: body);
}
