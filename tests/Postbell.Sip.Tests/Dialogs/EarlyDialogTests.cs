using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>What the called side may ask before it has answered a call of ours (RFC 3311, RFC 3261 sections 14 and 15).</summary>
public sealed class EarlyDialogTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_agreed_early_session_is_changed_by_UPDATE_and_the_call_is_answered_in_the_same_dialog()
    {
        var invite = Progressed("answer");
        var dialog = _bench.Stack.Dialogs.All.Single();
        Ask(invite, "UPDATE", 1, "offer");
        _bench.TakeResponse(200).Body.Length.ShouldBe("answer".Length);
        Answer(invite);
        _bench.TakeRequest("ACK").CSeq.Number.ShouldBe(1u);
        _bench.Stack.Dialogs.All.Single().ShouldBe(dialog);
        Ask(invite, "BYE", 2);
        _bench.TakeResponse(200);
        _log.Lines.ShouldBe(["provisional 183", "offer UPDATE", "answered 200", "ended Bye"]);
    }

    [Theory]
    [InlineData("", "UPDATE", "offer", 491)]
    [InlineData("", "UPDATE", "", 200)]
    [InlineData("answer", "INVITE", "offer", 491)]
    [InlineData("answer", "BYE", "", 481)]
    [InlineData("answer", "OPTIONS", "", 200)]
    [InlineData("answer", "REFER", "", 500)]
    [InlineData("answer", "PRACK", "", 481)]
    public void Before_the_answer_each_request_gets_what_belongs_there(string agreed, string method, string body, int status)
    {
        var invite = Progressed(agreed);
        Ask(invite, method, 1, body);
        if (method == "INVITE")
        {
            _bench.TakeResponse(100);
        }

        _bench.TakeResponse(status);
        Answer(invite);
        _bench.TakeRequest("ACK");
        _log.Lines[^1].ShouldBe("answered 200");
    }

    [Fact]
    public void A_call_that_fails_leaves_no_early_dialog()
    {
        var invite = Progressed("answer");
        _bench.Receive(Wire.Response(invite, 486, toTag: "peer"));
        _bench.TakeRequest("ACK");
        _bench.Stack.Dialogs.Count.ShouldBe(0);
        Ask(invite, "UPDATE", 1, "offer");
        _bench.TakeResponse(481);
        _log.Lines.ShouldBe(["provisional 183", "failed 486"]);
    }

    [Fact]
    public void Of_a_fork_the_branches_that_were_not_answered_are_over()
    {
        var invite = Progressed("answer");
        _bench.Receive(Wire.Response(invite, 200, toTag: "other", extra: "Contact: <sip:201@192.0.2.9:5060>", body: "answer"));
        _bench.TakeRequest("ACK");
        _bench.Stack.Dialogs.All.Single().RemoteTag.ShouldBe("other");
        _log.Lines.ShouldBe(["provisional 183", "answered 200"]);
    }

    [Fact]
    public void Only_a_new_call_can_take_the_place_of_another()
    {
        var invite = Progressed("answer");
        Answer(invite);
        _bench.TakeRequest("ACK");
        var named = $"Replaces: {invite.CallId};to-tag={invite.From.Tag};from-tag=peer";
        _bench.Receive(Wire.InDialog("INVITE", invite.From.Tag!, 1, "z9hG4bKre1", invite.CallId, named, "offer"));
        _bench.TakeResponse(400);
        _bench.Receive(Wire.Options(extra: named));
        _bench.TakeResponse(400);
        _bench.Stack.Dialogs.All.Single().IsEnded.ShouldBeFalse();
    }

    private SipRequest Progressed(string body)
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
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 183, toTag: "peer", extra: "Require: 100rel\nRSeq: 7\nContact: <sip:200@192.0.2.9:5060>", body: body));
        _bench.Receive(Wire.Response(_bench.TakeRequest("PRACK"), 200));
        return invite;
    }

    private void Answer(SipRequest invite) =>
        _bench.Receive(Wire.Response(invite, 200, toTag: "peer", extra: "Contact: <sip:200@192.0.2.9:5060>", body: "answer"));

    private void Ask(SipRequest invite, string method, int number, string body = "") =>
        _bench.Receive(Wire.InDialog(method, invite.From.Tag!, number, $"z9hG4bKask{number}", invite.CallId, "Contact: <sip:200@192.0.2.9:5060>", body));
}
