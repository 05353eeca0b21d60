using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Tests;

/// <summary>What is refused before the application hears of it, and with which answer (RFC 3261 section 8.2).</summary>
public sealed class RequestRulesTests : IDisposable
{
    private SipBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_unknown_peer_gets_403_for_everything()
    {
        _bench.Admitted = false;
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(403);
        _bench.Receive(Wire.Options());
        _bench.TakeResponse(403);
        _bench.Receive(Wire.Plain("REGISTER", "z9hG4bKreg", 1, "call-r", null));
        _bench.TakeResponse(403);
        _bench.Receive(Wire.Plain("BREW", "z9hG4bKbrew", 1, "call-r", null));
        _bench.TakeResponse(403);
        _bench.Invites.ShouldBeEmpty();
        _bench.Stack.Statistics.RefusedPeers.ShouldBe(4);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void An_unknown_peer_learns_nothing_from_which_extension_it_asks_for()
    {
        _bench.Admitted = false;
        _bench.Receive(Wire.Invite());
        var existing = _bench.TakeResponse(403);
        _bench.Receive(Wire.Invite().Replace("5000@", "9999@"));
        var missing = _bench.TakeResponse(403);
        missing.ToString().Replace("9999@", "5000@").ShouldBe(existing.ToString());
    }

    [Fact]
    public void A_malformed_request_of_an_unknown_peer_is_not_answered()
    {
        _bench.Admitted = false;
        _bench.Receive(Wire.Options().Replace("CSeq: 1 OPTIONS", "CSeq: x"));
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_refusal_without_transaction_is_the_same_each_time()
    {
        _bench.Admitted = false;
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(403).ToString().ShouldBe(_bench.TakeResponse(403).ToString());
    }

    [Fact]
    public void Max_forwards_zero_gets_483()
    {
        _bench.Receive(Wire.Options(maxForwards: "0"));
        _bench.TakeResponse(483);
        _bench.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("BREW")]
    [InlineData("REGISTER")]
    [InlineData("invite")]
    public void A_method_we_do_not_serve_gets_405_with_allow(string method)
    {
        _bench.Receive(Wire.Plain(method, "z9hG4bKx", 1, "call-x", null));
        _bench.TakeResponse(405).Headers["Allow"]!.ShouldContain("INVITE");
    }

    [Fact]
    public void An_unknown_content_type_gets_415_with_accept()
    {
        _bench.Receive(Wire.Invite().Replace("application/sdp", "application/unknown"));
        _bench.TakeResponse(415).Headers["Accept"].ShouldBe("application/sdp, multipart/mixed");
        _bench.Invites.ShouldBeEmpty();
    }

    [Fact]
    public void A_body_that_is_marked_optional_does_not_matter()
    {
        _bench.Receive(Wire.Invite(extra: "Content-Disposition: render;handling=optional").Replace("application/sdp", "application/unknown"));
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void An_encoded_body_gets_415_with_accept_encoding()
    {
        _bench.Receive(Wire.Invite(extra: "Content-Encoding: gzip"));
        _bench.TakeResponse(415).Headers["Accept-Encoding"].ShouldBe("identity");
    }

    [Fact]
    public void Unknown_required_extensions_get_420_and_are_named()
    {
        _bench.Receive(Wire.Invite(extra: "Require: precondition, 100rel\nRequire: nothingSupportsThis"));
        _bench.TakeResponse(420).Headers["Unsupported"].ShouldBe("precondition, nothingSupportsThis");
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INFO")]
    [InlineData("UPDATE")]
    public void A_request_for_an_unknown_dialog_gets_481(string method)
    {
        _bench.Receive(Wire.InDialog(method, "nosuchtag", 2));
        _bench.TakeResponse(481);
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INFO")]
    [InlineData("UPDATE")]
    public void A_request_that_needs_a_dialog_but_names_none_gets_481(string method)
    {
        _bench.Receive(Wire.Plain(method, "z9hG4bKx", 2, "call-x", null));
        _bench.TakeResponse(481);
    }

    [Fact]
    public void A_refresh_of_a_subscription_goes_to_the_application_with_its_tag()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.InDialog("SUBSCRIBE", "ours", 2, extra: "Event: message-summary"));
        _bench.TakeResponse(200).To.Tag.ShouldBe("ours");
        _bench.Requests[0].LocalTag.ShouldBe("ours");
    }

    [Fact]
    public void A_fault_of_the_application_is_a_500_to_the_peer()
    {
        _bench.Requested = static _ => throw new InvalidOperationException("boom");
        _bench.Receive(Wire.Options());
        _bench.TakeResponse(500);
    }

    [Fact]
    public void A_reinvite_for_an_unknown_dialog_gets_481_and_its_ack_nothing()
    {
        _bench.Receive(Wire.Invite(toTag: "nosuchtag"));
        _bench.TakeResponse(481);
        _bench.Receive(Wire.Ack("nosuchtag", branch: "z9hG4bKinv1"));
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void A_request_that_took_two_ways_gets_482_on_the_second()
    {
        _bench.Receive(Wire.Invite("z9hG4bKway1"));
        _bench.TakeResponse(100);
        _bench.Receive(Wire.Invite("z9hG4bKway2"));
        _bench.TakeResponse(482);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_request_of_ours_that_comes_back_gets_482_and_one_sent_on_for_another_is_taken()
    {
        var ours = SipRequest.Create("INVITE", SipUri.Create("1001", SipBench.Peer), new NameAddress(SipUri.Create("2", SipBench.Server)));
        _bench.Stack.Clients.Send(ours, new SipDestination(SipTransport.Udp, SipBench.Peer), null, _bench.Stack.Stripe("x"), new Postbell.Sip.Transactions.PendingResponse());
        _bench.Run();
        var sent = _bench.TakeRequest("INVITE");
        var via = $"Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKproxy\nVia: {sent.Headers["Via"]}";
        var looped = Wire.Invite(callId: sent.CallId).Replace("Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKinv1", via);

        _bench.Receive(looped.Replace("sip:5000@192.0.2.1 SIP", "sip:1001@192.0.2.9:5060 SIP"));
        _bench.TakeResponse(482).Reason.ShouldBe("Loop Detected");
        _bench.Invites.ShouldBeEmpty();

        _bench.Receive(looped);
        _bench.TakeResponse(100);
        _bench.Invites.Count.ShouldBe(1);
    }

    [Fact]
    public void A_GRUU_keeps_its_gr_parameter_in_our_requests_and_is_taken_as_an_address()
    {
        _bench.Invited = static invite => invite.Accept("answer"u8.ToArray(), "application/sdp", new DialogLog());
        _bench.Receive(Wire.Invite()
            .Replace("INVITE sip:5000@192.0.2.1 ", "INVITE sip:5000@192.0.2.1;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ")
            .Replace("Contact: <sip:200@192.0.2.9:5060>", "Contact: <sip:200@192.0.2.9:5060;gr=kjh29x97us97d>;+sip.instance=\"<urn:uuid:1>\""));
        _bench.TakeResponse(100);
        var tag = _bench.TakeResponse(200).To.Tag!;
        _bench.Receive(Wire.Ack(tag));
        var invite = _bench.Invites.Single();
        invite.Request.RequestUri.User.ShouldBe("5000");
        invite.Request.RequestUri.Parameters["gr"].ShouldBe("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
        invite.Dialog.Bye();
        _bench.Run();
        _bench.TakeRequest("BYE").RequestUri.ToString().ShouldBe("sip:200@192.0.2.9:5060;gr=kjh29x97us97d");
    }

    [Fact]
    public void An_unknown_uri_scheme_gets_416()
    {
        _bench.Receive(Wire.Options().Replace("OPTIONS sip:5000@192.0.2.1", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent"));
        _bench.TakeResponse(416);
    }

    [Fact]
    public void A_tel_uri_is_taken()
    {
        _bench.Receive(Wire.Invite().Replace("INVITE sip:5000@192.0.2.1 SIP", "INVITE tel:+1-425-555-0123 SIP"));
        _bench.Invites[0].Request.RequestUri.User.ShouldBe("+1-425-555-0123");
    }

    [Fact]
    public void Another_version_gets_505()
    {
        _bench.Receive(Wire.Options().Replace("192.0.2.1 SIP/2.0", "192.0.2.1 SIP/7.0"));
        _bench.TakeResponse(505);
    }

    [Theory]
    [InlineData("Call-ID: call-1\n", "", "Missing Call-ID", false)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: 1 INVITE", "CSeq Method Does Not Match", true)]
    [InlineData("CSeq: 1 OPTIONS", "CSeq: 36893488147419103232 OPTIONS", "Malformed CSeq", true)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 300", "Malformed Max-Forwards", true)]
    [InlineData("Content-Length: 0", "Content-Length: -999", "Malformed Content-Length", true)]
    [InlineData("Content-Length: 0", "Content-Length: 9999", "Body Shorter Than Content-Length", true)]
    [InlineData("Content-Length: 0", "Content-Length: 0\nContent-Length: 0", "Repeated Header Field", true)]
    [InlineData("\"Caller\" <sip:200@192.0.2.9>", "\"Caller <sip:200@192.0.2.9>", "Malformed From", true)]
    [InlineData("OPTIONS sip:5000@192.0.2.1 SIP", "OPTIONS <sip:5000@192.0.2.1> SIP", "Malformed Request-URI", true)]
    [InlineData("OPTIONS sip:5000@192.0.2.1 SIP", "OPTIONS  sip:5000@192.0.2.1  SIP", "Malformed Request-URI", true)]
    public void A_malformed_request_gets_400_with_the_mistake_when_it_can_be_answered(string good, string bad, string reason, bool answerable)
    {
        _bench.Receive(Wire.Options().Replace(good, bad));
        if (answerable)
        {
            var response = _bench.TakeResponse(400);
            response.Reason.ShouldBe(reason);
        }

        _bench.ShouldBeSilent();
        _bench.Requests.ShouldBeEmpty();
        _bench.Stack.Statistics.ParseFailures.Sum(row => row.Count).ShouldBe(1);
    }

    [Fact]
    public void An_invite_without_contact_gets_400()
    {
        _bench.Receive(Wire.Invite().Replace("Contact: <sip:200@192.0.2.9:5060>\n", "").Replace("Contact: <sip:200@192.0.2.9:5060>\r\n", ""));
        _bench.TakeResponse(400).Reason.ShouldBe("Missing Contact");
    }

    [Fact]
    public void A_malformed_ack_is_never_answered()
    {
        _bench.Receive(Wire.Ack("x").Replace("CSeq: 1 ACK", "CSeq: x"));
        _bench.ShouldBeSilent();
    }

    [Fact]
    public void At_the_limit_of_transactions_new_requests_get_503_with_retry_after_and_calls_can_still_end()
    {
        Restart(options => options with { MaxServerTransactions = 2 });
        var log = new DialogLog();
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", log);
        _bench.Receive(Wire.Invite());
        _bench.Receive(Wire.Options(callId: "call-o"));
        _bench.TakeAll();

        _bench.Receive(Wire.Options("z9hG4bKopt2", callId: "call-p"));
        var refused = _bench.TakeResponse(503);
        refused.Headers["Retry-After"].ShouldBe("10");
        refused.Reason.ShouldBe("Too Many Calls");
        _bench.Stack.Statistics.Overloads.ShouldBe(1);

        _bench.Receive(Wire.InDialog("BYE", _bench.Invites[0].Dialog.LocalTag, 2));
        _bench.TakeResponse(200);
    }

    [Fact]
    public void At_the_limit_of_dialogs_a_new_call_gets_503_and_options_is_answered()
    {
        Restart(options => options with { MaxDialogs = 1 });
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Invite());
        _bench.TakeAll();
        _bench.Receive(Wire.Invite("z9hG4bKinv2", callId: "call-2"));
        _bench.TakeResponse(503);
        _bench.Receive(Wire.Options(callId: "call-3"));
        _bench.TakeResponse(200);
    }

    [Fact]
    public void A_flood_of_refused_requests_leaves_nothing_behind()
    {
        Restart(static options => options with { Rates = new SipRateLimits { StrangerBurst = 10_000, StrangerCallsPerMinute = 100_000_000 } });
        _bench.Admitted = false;
        for (var i = 0; i < 5_000; i++)
        {
            _bench.Time.Advance(TimeSpan.FromMilliseconds(10));
            _bench.Receive(Wire.Invite($"z9hG4bKflood{i}", callId: $"flood-{i}"));
        }

        _bench.TakeAll().Count.ShouldBe(5_000);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
        _bench.Wheel.Pending.ShouldBe(0);
    }

    [Fact]
    public void Everything_is_forgotten_after_many_finished_calls()
    {
        _bench.Invited = static invite => invite.Reject(404);
        for (var i = 0; i < 200; i++)
        {
            _bench.Receive(Wire.Invite($"z9hG4bKcall{i}", callId: $"many-{i}"));
            _bench.Receive(Wire.Ack("x", branch: $"z9hG4bKcall{i}", callId: $"many-{i}"));
        }

        _bench.Advance(33_000);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void Statistics_count_methods_statuses_and_failures()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Receive(Wire.Options());
        _bench.Receive(Wire.Plain("BREW", "z9hG4bKb", 1, "call-b", null));
        _bench.Receive("garbage\r\n\r\n");

        var statistics = _bench.Stack.Statistics;
        statistics.Requests("OPTIONS").ShouldBe(1);
        statistics.Requests("BREW").ShouldBe(1);
        statistics.RequestsByMethod.Last().ShouldBe(("other", 1));
        statistics.Sent(200).ShouldBe(1);
        statistics.ResponsesSent.ShouldBe([(200, 1), (405, 1)]);
        statistics.ParseFailures.ShouldBe([(SipParseFailure.StartLineMalformed, 1)]);
    }

    [Fact]
    public void The_response_goes_to_the_source_address_and_the_port_of_the_via()
    {
        _bench.Receive(Wire.Invite(), new IPEndPoint(IPAddress.Parse("198.51.100.7"), 40_000));
        var sent = _bench.Take();
        sent.To.ToString().ShouldBe("198.51.100.7:5060");
        sent.Message.Vias[0].Parameters["received"].ShouldBe("198.51.100.7");
    }

    [Fact]
    public void With_rport_the_response_goes_to_the_source_port()
    {
        _bench.Receive(Wire.Invite(branch: "z9hG4bKinv1;rport"), new IPEndPoint(IPAddress.Parse("198.51.100.7"), 40_000));
        var sent = _bench.Take();
        sent.To.ToString().ShouldBe("198.51.100.7:40000");
        sent.Message.Headers["Via"].ShouldBe("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKinv1;received=198.51.100.7;rport=40000");
    }

    [Fact]
    public void Received_that_the_peer_wrote_itself_is_replaced()
    {
        _bench.Receive(Wire.Invite(branch: "z9hG4bKinv1;received=203.0.113.9;maddr=203.0.113.10"), new IPEndPoint(IPAddress.Parse("198.51.100.7"), 5060));
        var sent = _bench.Take();
        sent.To.Address.ToString().ShouldBe("198.51.100.7");
        sent.Message.Vias[0].Parameters["received"].ShouldBe("198.51.100.7");
    }

    [Fact]
    public void All_vias_come_back_in_order()
    {
        _bench.Receive(Wire.Invite(extra: "Via: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKa, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKb"));
        _bench.TakeResponse(100).Vias.Select(via => via.Host).ShouldBe(["192.0.2.9", "10.0.0.1", "10.0.0.2"]);
    }

    [Fact]
    public void A_response_whose_connection_is_gone_takes_a_new_one_to_the_via()
    {
        var first = _bench.NewConnection();
        var second = _bench.NewConnection();
        SipDestination? asked = null;
        _bench.Connect = to =>
        {
            asked = to;
            return second;
        };
        _bench.ReceiveOver(first, Wire.Invite(transport: "TCP"));
        _bench.TakeAll().ShouldAllBe(sent => sent.Channel == first);
        first.IsOpen = false;
        _bench.Invites[0].Reject(486);
        _bench.Run();

        _bench.Take().Channel.ShouldBe(second);
        asked!.Value.EndPoint.ToString().ShouldBe("192.0.2.9:5060");
    }

    [Fact]
    public void A_call_whose_peer_cannot_be_reached_over_tcp_ends()
    {
        var log = new DialogLog();
        var connection = _bench.NewConnection();
        _bench.ReceiveOver(connection, Wire.Invite(transport: "TCP"));
        connection.IsOpen = false;
        _bench.Invites[0].Accept("answer"u8.ToArray(), "application/sdp", log);
        _bench.Run();
        log.Lines.ShouldBe(["ended TransportFailed"]);
        _bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void A_call_that_cannot_be_told_that_it_rings_is_cancelled_and_forgotten()
    {
        var connection = _bench.NewConnection();
        _bench.ReceiveOver(connection, Wire.Invite(transport: "TCP"));
        connection.IsOpen = false;
        _bench.Invites[0].Provisional(180);
        _bench.Run();
        _bench.Invites[0].Cancelled.IsCancellationRequested.ShouldBeTrue();
        _bench.Stack.Dialogs.Count.ShouldBe(0);
        _bench.Stack.Transactions.ServerCount.ShouldBe(0);
    }

    [Fact]
    public void No_text_of_a_stranger_starts_a_header_line()
    {
        _bench.Invited = static invite => invite.Reject(486, "Busy\r\nX-Evil: 1", new SipHeader("Reason", "x\r\nX-Evil: 2"));
        _bench.Receive(Wire.Invite());
        _bench.TakeResponse(100);
        var busy = _bench.TakeResponse(486);
        busy.Headers.Contains("X-Evil").ShouldBeFalse();
        busy.Headers["Reason"].ShouldBe("x  X-Evil: 2");
    }

    [Fact]
    public void Bytes_that_are_not_utf8_come_back_as_they_were()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(SipBench.Lines(Wire.Invite()));
        var at = bytes.AsSpan().IndexOf("Caller"u8);
        bytes[at] = 0xC3;
        bytes[at + 1] = 0x28;
        bytes[at + 2] = 0xFF;
        _bench.Receive(bytes);
        var from = _bench.Invites[0].Request.Headers["From"]!;
        _bench.TakeResponse(100).Headers["From"].ShouldBe(from);
        _bench.Invites[0].Request.ToBytes().AsSpan().IndexOf(bytes.AsSpan(at, 6)).ShouldBeGreaterThan(0);
    }

    private void Restart(Func<SipEndpointOptions, SipEndpointOptions> change)
    {
        _bench.Dispose();
        _bench = new SipBench(change);
    }
}
