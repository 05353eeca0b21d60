using System.Net;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests;

/// <summary>
/// What RFC 4475 and RFC 5118 ask of a server beyond its parser: the answers. The messages are our own; the cases are those of the documents' sections.
/// </summary>
public sealed class TortureTests : IDisposable
{
    private readonly SipBench _bench = new();
    private readonly DialogLog _log = new();

    public TortureTests()
    {
        _bench.Requested = static request => request.Respond(200);
        _bench.Invited = invite => invite.Accept("answer"u8.ToArray(), "application/sdp", _log);
    }

    public void Dispose() => _bench.Dispose();

    // RFC 4475 section 3.2.1: an invite of RFC 2543 without branch gets a transaction, and its repetition finds it.
    [Fact]
    public void A_repeated_invite_without_branch_parameter_finds_its_transaction()
    {
        var invite = Wire.Invite().Replace(";branch=z9hG4bKinv1", "");
        _bench.Receive(invite);
        _bench.TakeResponse(100);
        _bench.TakeResponse(200);
        _bench.Receive(invite);
        _bench.Invites.Count.ShouldBe(1);
        _bench.ShouldBeSilent();
    }

    // Section 3.3.1: without the mandatory headers there is no way back; a reflection of the little that came would help nobody.
    [Fact]
    public void A_request_without_its_mandatory_headers_is_not_answered()
    {
        _bench.Receive("INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKmissing\nContent-Length: 0");
        _bench.ShouldBeSilent();
    }

    // Sections 3.3.2 and 3.3.3: schemes that cannot be routed.
    [Theory]
    [InlineData("nobodyKnowsThisScheme:opaquepart")]
    [InlineData("soap.beep://192.0.2.103:3002")]
    [InlineData("http://example.com/")]
    public void A_request_uri_of_an_unknown_scheme_gets_416(string uri)
    {
        _bench.Receive(Wire.Options().Replace("OPTIONS sip:5000@192.0.2.1 SIP", $"OPTIONS {uri} SIP"));
        _bench.TakeResponse(416);
    }

    // Section 3.3.4: unknown schemes elsewhere do not matter.
    [Fact]
    public void Unknown_schemes_in_from_and_to_are_answered()
    {
        _bench.Receive(Wire.Options().Replace("<sip:200@192.0.2.9>", "<http://www.example.com>").Replace("To: <sip:5000@192.0.2.1>", "To: <name:John_Smith>"));
        _bench.TakeResponse(200).Headers["To"]!.ShouldStartWith("<name:John_Smith>;tag=");
    }

    // Section 3.3.5: what only a proxy must understand is no business of a user agent; what the user agent must understand is.
    [Fact]
    public void Proxy_require_is_ignored_and_require_is_not()
    {
        _bench.Receive(Wire.Options("z9hG4bKprox", "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis"));
        _bench.TakeResponse(200);
        _bench.Receive(Wire.Options("z9hG4bKreq", callId: "call-2", extra: "Require: nothingSupportsThis, nothingSupportsThisEither"));
        _bench.TakeResponse(420).Headers["Unsupported"].ShouldBe("nothingSupportsThis, nothingSupportsThisEither");
    }

    // Section 3.3.6.
    [Fact]
    public void A_body_of_an_unknown_type_gets_415_with_accept()
    {
        _bench.Receive(Wire.Invite().Replace("application/sdp", "application/unknownformat"));
        _bench.TakeResponse(415).Headers["Accept"]!.ShouldContain("application/sdp");
    }

    // Section 3.3.7: credentials of a scheme nobody knows are nothing.
    [Fact]
    public void An_unknown_authorization_scheme_is_ignored()
    {
        _bench.Receive(Wire.Options(extra: "Authorization: NoOneKnowsThisScheme opaque-data=here"));
        _bench.TakeResponse(200);
    }

    // Section 3.3.8.
    [Theory]
    [InlineData("From: \"Other\" <sip:other@example.com>;tag=2")]
    [InlineData("To: <sip:other@example.com>")]
    [InlineData("Call-ID: second")]
    [InlineData("CSeq: 2 OPTIONS")]
    [InlineData("Max-Forwards: 3")]
    public void A_header_that_may_stand_once_but_stands_twice_gets_400(string again)
    {
        _bench.Receive(Wire.Options(extra: again));
        _bench.TakeResponse(400);
    }

    // Section 3.3.9: a body cut off by a Content-Length that is larger than the datagram.
    [Fact]
    public void A_body_that_is_cut_off_gets_400()
    {
        _bench.Receive(Wire.Invite().Replace("Content-Length: 5", "Content-Length: 9999"));
        _bench.TakeResponse(400);
        _bench.Invites.ShouldBeEmpty();
    }

    // Sections 3.3.10 and 3.3.11: responses that belong to nobody.
    [Fact]
    public void A_response_of_a_broadcast_via_is_dropped()
    {
        _bench.Receive(
            """
            SIP/2.0 200 OK
            Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
            Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23
            Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf
            CSeq: 35 INVITE
            From: sip:user@example.com;tag=11141343
            To: sip:user@example.edu;tag=2229
            Content-Length: 0
            """);
        _bench.ShouldBeSilent();
        _bench.Stack.Statistics.StrayResponses.ShouldBe(1);
    }

    // Section 3.3.12.
    [Fact]
    public void Max_forwards_of_zero_gets_483()
    {
        _bench.Receive(Wire.Options(maxForwards: "0"));
        _bench.TakeResponse(483);
    }

    // Section 3.1.2.17: an overlarge status, and one with a reason that looks like a header.
    [Fact]
    public void A_response_that_cannot_be_is_dropped_and_counted()
    {
        _bench.Receive(
            """
            SIP/2.0 4294967301 better not break the receiver
            Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
            Call-ID: bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i
            CSeq: 353494 INVITE
            From: <sip:user@example.com>;tag=39ansfi3
            To: <sip:user@example.edu>;tag=902jndnke3
            Content-Length: 0
            """);
        _bench.ShouldBeSilent();
        _bench.Stack.Statistics.ParseFailures.Sum(row => row.Count).ShouldBe(1);
    }

    // RFC 5118 section 4.1: addresses of IPv6 stand in brackets, in URI, Via and Contact.
    [Fact]
    public void A_request_with_ipv6_addresses_in_all_places_is_answered_to_its_source()
    {
        var source = new IPEndPoint(IPAddress.Parse("2001:db8::9:1"), 5060);
        _bench.Receive(
            Wire.Options().Replace("sip:5000@192.0.2.1", "sip:5000@[2001:db8::10]").Replace("UDP 192.0.2.9:5060", "UDP [2001:db8::9:1]").Replace("sip:200@192.0.2.9", "sip:200@[2001:db8::9:1]"),
            source);
        var sent = _bench.Take();
        sent.To.ShouldBe(source);
        sent.Message.Headers["Via"]!.ShouldNotContain("received");
    }

    // Section 4.2: without brackets it is no host; the Request-URI is refused.
    [Fact]
    public void An_ipv6_request_uri_without_brackets_gets_400()
    {
        _bench.Receive(Wire.Options().Replace("OPTIONS sip:5000@192.0.2.1 SIP", "OPTIONS sip:2001:db8::10 SIP"));
        _bench.TakeResponse(400);
    }

    // Section 4.3: the last group of an address in brackets is no port.
    [Theory]
    [InlineData("sip:[2001:db8::10:5070]", "2001:db8::10:5070", null)]
    [InlineData("sip:[2001:db8::10]:5070", "2001:db8::10", 5070)]
    public void A_port_stands_behind_the_brackets(string text, string address, int? port)
    {
        SipUri.TryParse(text, out var uri).ShouldBeTrue();
        uri!.TryGetAddress(out var found).ShouldBeTrue();
        found.ShouldBe(IPAddress.Parse(address));
        uri.Port.ShouldBe(port);
    }

    // Section 4.5: a received parameter comes with and without brackets, whatever the grammar says.
    [Theory]
    [InlineData("[2001:db8::9:255]")]
    [InlineData("2001:db8::9:255")]
    public void A_received_parameter_is_read_with_and_without_brackets(string received)
    {
        SipVia.TryParse($"SIP/2.0/UDP [2001:db8::9:1];received={received};branch=z9hG4bKas3-111", out var via).ShouldBeTrue();
        via!.Parameters["received"].ShouldBe(received);
        via.Branch.ShouldBe("z9hG4bKas3-111");
    }

    // Section 4.6 to 4.9: addresses of both families in Via and SDP, and IPv4 in IPv6, are read.
    [Fact]
    public void An_ipv4_address_inside_an_ipv6_one_is_read()
    {
        SipUri.TryParse("sip:user@[::ffff:192.0.2.10]:5062;transport=udp", out var uri).ShouldBeTrue();
        uri!.TryGetAddress(out var address).ShouldBeTrue();
        address!.MapToIPv4().ShouldBe(IPAddress.Parse("192.0.2.10"));
    }

    // Section 4.10: a zone does not belong into a message, and three colons are no address.
    [Theory]
    [InlineData("sip:user@[2001:db8:::192.0.2.1]")]
    [InlineData("sip:user@[2001:db8::1%eth0]")]
    [InlineData("sip:user@[]")]
    [InlineData("sip:user@[192.0.2.1]")]
    public void What_is_no_ipv6_address_is_not_taken_for_one(string text)
    {
        var usable = SipUri.TryParse(text, out var uri) && uri.TryGetAddress(out _);
        usable.ShouldBeFalse();
    }
}
