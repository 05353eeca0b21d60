using System.Net;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Dialogs;

/// <summary>Redirected calls (RFC 3261 section 8.1.3.4), as the side that follows and as the side that sends on.</summary>
public sealed class RedirectTests : IDisposable
{
    private static readonly IPEndPoint s_other = new(IPAddress.Parse("192.0.2.20"), 5062);

    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_redirected_call_goes_to_the_new_address_as_the_same_call()
    {
        var call = Call();
        var first = _bench.TakeRequest("INVITE");
        Redirect(first, "<sip:5000@192.0.2.20:5062;transport=udp>");

        var sent = _bench.Take();
        var second = sent.Message.ShouldBeOfType<SipRequest>();
        sent.To.ShouldBe(s_other);
        second.RequestUri.ToString().ShouldBe("sip:5000@192.0.2.20:5062;transport=udp");
        second.CallId.ShouldBe(first.CallId);
        second.Headers["From"].ShouldBe(first.Headers["From"]);
        second.Headers["To"].ShouldBe(first.Headers["To"]);
        second.CSeq.Number.ShouldBe(2u);
        second.Vias.Count.ShouldBe(1);
        second.Vias[0].Branch.ShouldNotBe(first.Vias[0].Branch);
        second.Headers.CountOf("Contact").ShouldBe(1);
        second.Body.ToArray().ShouldBe(first.Body.ToArray());

        _bench.Receive(Wire.Response(second, 200, extra: "Contact: <sip:5000@192.0.2.20:5062>"));
        _bench.TakeRequest("ACK").CSeq.Number.ShouldBe(2u);
        _log.Lines.ShouldBe(["redirected sip:5000@192.0.2.20:5062;transport=udp", "answered 200"]);
        call.Dialog.ShouldNotBeNull();
    }

    [Fact]
    public void Contacts_are_tried_by_their_weight_and_one_that_fails_gives_way_to_the_next()
    {
        Call();
        Redirect(_bench.TakeRequest("INVITE"), "<sip:c@192.0.2.20>;q=0.2, <sip:a@192.0.2.20>;q=0.9", "<sip:b@192.0.2.20>;q=0.5");
        foreach (var user in (string[])["a", "b", "c"])
        {
            var request = _bench.TakeRequest("INVITE");
            request.RequestUri.User.ShouldBe(user);
            _bench.Receive(Wire.Response(request, 486));
            _bench.TakeRequest("ACK");
        }

        _log.Lines[^1].ShouldBe("failed 486");
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_refusal_for_everybody_ends_the_search()
    {
        Call();
        Redirect(_bench.TakeRequest("INVITE"), "<sip:a@192.0.2.20>, <sip:b@192.0.2.20>");
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), 603));
        _bench.TakeRequest("ACK");
        _bench.ShouldBeSilent();
        _log.Lines[^1].ShouldBe("failed 603");
    }

    [Theory]
    [InlineData(305)]
    [InlineData(380)]
    public void Other_redirections_are_not_followed(int status)
    {
        Call();
        _bench.Receive(Wire.Response(_bench.TakeRequest("INVITE"), status, extra: "Contact: <sip:a@192.0.2.20>"));
        _bench.TakeRequest("ACK");
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe([$"failed {status}"]);
    }

    [Fact]
    public void Peers_that_send_a_call_in_a_circle_are_left_after_each_was_asked_once()
    {
        Call();
        var request = _bench.TakeRequest("INVITE");
        Redirect(request, "<sip:5000@192.0.2.20:5062>");
        request = _bench.TakeRequest("INVITE");
        Redirect(request, $"<sip:5000@{SipBench.Peer}>, <sip:5000@192.0.2.20:5062>");
        _bench.ShouldBeSilent();
        _log.Lines[^1].ShouldBe("failed 302");
    }

    [Fact]
    public void A_peer_that_redirects_for_ever_is_left_after_five_addresses()
    {
        Call();
        var invites = 0;
        while (_bench.TakeAll().Select(sent => sent.Message).OfType<SipRequest>().LastOrDefault(request => request.Method == "INVITE") is { } invite)
        {
            invites++;
            _bench.Receive(Wire.Response(invite, 302, extra: $"Contact: <sip:n{invites}@192.0.2.20>, <sip:m{invites}@192.0.2.20>"));
        }

        invites.ShouldBe(6);
        _log.Lines[^1].ShouldBe("failed 302");
    }

    [Fact]
    public void A_redirection_to_somebody_not_allowed_is_not_followed()
    {
        Call(static uri => uri.Host == "192.0.2.20" ? new SipDestination(SipTransport.Udp, s_other) : null);
        Redirect(_bench.TakeRequest("INVITE"), "<sip:+1900555@premium.example.com>, <tel:+1900555>, *, <mailto:a@example.com>");
        _bench.ShouldBeSilent();
        _log.Lines.ShouldBe(["failed 302"]);
    }

    [Fact]
    public void Headers_and_method_in_a_contact_do_not_shape_our_request()
    {
        Call();
        Redirect(_bench.TakeRequest("INVITE"), "<sip:a@192.0.2.20;method=REFER?Refer-To=sip%3Ax%40y&Subject=hi>");
        var request = _bench.TakeRequest("INVITE");
        request.RequestUri.ToString().ShouldBe("sip:a@192.0.2.20");
        request.Headers.Contains("Refer-To").ShouldBeFalse();
        request.Headers.Contains("Subject").ShouldBeFalse();
    }

    [Fact]
    public void History_goes_on_with_the_reason_and_the_next_index()
    {
        Call(headers: [new HistoryInfo(SipUri.Create("5000", SipBench.Peer), "1.1", null, "rc=1").ToHeader()]);
        Redirect(_bench.TakeRequest("INVITE"), "<sip:a@192.0.2.20>");
        var history = HistoryInfo.AllOf(_bench.TakeRequest("INVITE").Headers);
        history.Select(entry => entry.Index).ShouldBe(["1.1", "1.2"]);
        history[0].Reason!.Cause.ShouldBe(302);
        history[0].Tag.ShouldBe("rc=1");
        history[1].Tag.ShouldBe("mp=1.1");
        history[1].Uri.ToString().ShouldBe("sip:a@192.0.2.20");
    }

    [Fact]
    public void A_cancelled_call_follows_nothing()
    {
        var call = Call();
        var invite = _bench.TakeRequest("INVITE");
        _bench.Receive(Wire.Response(invite, 180));
        call.Cancel();
        _bench.Run();
        _bench.TakeRequest("CANCEL");
        Redirect(invite, "<sip:a@192.0.2.20>");
        _bench.ShouldBeSilent();
        _log.Lines[^1].ShouldBe("failed 302");
    }

    [Fact]
    public void A_caller_is_sent_elsewhere_with_the_way_its_call_took()
    {
        _bench.Invited = static invite => invite.Redirect(
            [
                new NameAddress(null, SipUri.Create("5900", "mbx2.example.com", 5062), SipParameters.Empty.With("q", "0.9")),
                new NameAddress(SipUri.Create("5900", "mbx3.example.com", 5062)),
            ],
            new Diversion(SipUri.Create("5001", "gw.example.com"), "no-answer").ToHeader());
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        var moved = _bench.TakeResponse(302);
        moved.Headers.GetAll("Contact").ShouldBe(["<sip:5900@mbx2.example.com:5062>;q=0.9", "<sip:5900@mbx3.example.com:5062>"]);
        moved.Headers["Diversion"].ShouldBe("<sip:5001@gw.example.com>;reason=no-answer");
        _bench.Receive(Wire.Ack(moved.To.Tag!, branch: "z9hG4bKinv1"));
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    private void Redirect(SipRequest invite, params string[] contacts)
    {
        _bench.Receive(Wire.Response(invite, 302, extra: string.Join("\n", contacts.Select(contact => "Contact: " + contact))));
        _bench.TakeRequest("ACK");
    }

    private OutgoingInvite Call(Func<SipUri, SipDestination?>? rule = null, SipHeader[]? headers = null)
    {
        var call = new OutgoingInvite(
            _bench.Stack,
            new OutgoingCall
            {
                RequestUri = SipUri.Create("5000", SipBench.Peer),
                Destination = new SipDestination(SipTransport.Udp, SipBench.Peer),
                From = new NameAddress(SipUri.Create("caller", SipBench.Server)),
                Body = "offer"u8.ToArray(),
                Headers = headers ?? [],
                RedirectTo = rule ?? (static uri => new SipDestination(SipTransport.Udp, s_other)),
            },
            _log);
        call.Begin();
        _bench.Run();
        return call;
    }
}
