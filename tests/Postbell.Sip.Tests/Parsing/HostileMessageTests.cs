using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using static Postbell.Sip.Tests.Parsing.ParserBench;

namespace Postbell.Sip.Tests.Parsing;

/// <summary>Messages in the spirit of RFC 4475 sections 3.1.2 and 3.3, and attacks: each is refused with the reason that names it.</summary>
public sealed class HostileMessageTests
{
    [Theory]
    [InlineData("SIP/2.0/UDP 192.0.2.15;;,;,,")]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0 192.0.2.15")]
    [InlineData("SIP/2.0/UDP 192.0.2.15:99999")]
    [InlineData("SIP/2.0/UDP 192.0.2.15:0")]
    [InlineData("SIP/2.0/UDP 192.0.2.15;branch")]
    [InlineData("SIP/2.0/UDP [2001:db8::1;branch=z9hG4bK1")]
    [InlineData("SIP/2.0/UDP ;branch=z9hG4bK1")]
    [InlineData("HTTP/1.1/TCP 192.0.2.15")]
    [InlineData("")]
    public void A_bad_via(string via)
    {
        // A branch without value is legal grammar; it only names no transaction.
        var expected = via.EndsWith(";branch", StringComparison.Ordinal) ? SipParseFailure.None : SipParseFailure.ViaMalformed;
        Failure(Options("SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKbase", via)).ShouldBe(expected);
    }

    [Fact]
    public void Separators_without_values_in_contact() =>
        Failure(Options("Contact: <sip:ann@192.0.2.4>", "Contact: \"Joe\" <sip:joe@example.org>;;;;")).ShouldBe(SipParseFailure.ContactMalformed);

    [Fact]
    public void A_content_length_larger_than_the_message() =>
        Failure(Options("Content-Length: 0", "Content-Length: 9999")).ShouldBe(SipParseFailure.BodyTruncated);

    [Theory]
    [InlineData("-999")]
    [InlineData("+5")]
    [InlineData("0x10")]
    [InlineData("")]
    [InlineData("1 0")]
    [InlineData("99999999999999999999")]
    public void A_content_length_that_is_no_number(string length) =>
        Failure(Options("Content-Length: 0", $"Content-Length: {length}")).ShouldBe(SipParseFailure.ContentLengthMalformed);

    [Theory]
    [InlineData("CSeq: 36893488147419103232 OPTIONS", SipParseFailure.CSeqMalformed)]
    [InlineData("CSeq: 2147483648 OPTIONS", SipParseFailure.CSeqMalformed)]
    [InlineData("CSeq: 2147483647 OPTIONS", SipParseFailure.None)]
    [InlineData("CSeq: OPTIONS", SipParseFailure.CSeqMalformed)]
    [InlineData("CSeq: 7", SipParseFailure.CSeqMalformed)]
    [InlineData("CSeq: 7 OPT IONS", SipParseFailure.CSeqMalformed)]
    [InlineData("CSeq: 7 INVITE", SipParseFailure.CSeqMethodMismatch)]
    public void Cseq_values(string line, SipParseFailure failure) => Failure(Options("CSeq: 7 OPTIONS", line)).ShouldBe(failure);

    [Theory]
    [InlineData("300")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("99999999999999999999999999999")]
    public void Max_forwards_out_of_range(string hops) =>
        Failure(Options("Max-Forwards: 70", $"Max-Forwards: {hops}")).ShouldBe(SipParseFailure.MaxForwardsMalformed);

    [Fact]
    public void A_response_with_an_overlarge_cseq() =>
        Failure(
            """
            SIP/2.0 503 Service Unavailable
            Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw
            To: <sip:user@example.com>
            From: <sip:other@example.net>;tag=2easdjfejw
            CSeq: 9292394834772304023312 OPTIONS
            Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
            Retry-After: 949302838503028349304023988
            Content-Length: 0
            """).ShouldBe(SipParseFailure.CSeqMalformed);

    [Theory]
    [InlineData("SIP/2.0 4294967301 better not break the receiver")]
    [InlineData("SIP/2.0 099 Too Low")]
    [InlineData("SIP/2.0 700 Too High")]
    [InlineData("SIP/2.0 2 Short")]
    [InlineData("SIP/2.0 2OO OK")]
    [InlineData("SIP/2.0 ")]
    public void A_bad_status_code(string line) => Failure(Options("OPTIONS sip:user@example.com SIP/2.0", line)).ShouldBe(SipParseFailure.StatusCodeMalformed);

    [Fact]
    public void A_display_name_whose_quote_never_closes() =>
        Failure(Options("\"Ann\"", "\"Ann")).ShouldBe(SipParseFailure.FromMalformed);

    [Theory]
    [InlineData("<sip:user@example.com>")]
    [InlineData("sip:user@example.com; lr")]
    [InlineData(" sip:user@example.com")]
    [InlineData("sip:user@example.com ")]
    [InlineData("sip:")]
    [InlineData("sip:@example.com")]
    [InlineData("sip:a@b@example.com")]
    [InlineData("sip:user@example.com:port")]
    [InlineData("sip:user@exa mple.com")]
    [InlineData("sip:us%zzer@example.com")]
    [InlineData("sip:user@[::1")]
    [InlineData("sip:user@example.com;;lr")]
    [InlineData("noscheme")]
    [InlineData("1abc:user")]
    public void A_bad_request_uri(string uri) =>
        Failure(Options("sip:user@example.com SIP", $"{uri} SIP")).ShouldBe(SipParseFailure.RequestUriMalformed);

    [Fact]
    public void A_blank_at_the_end_of_the_request_line() =>
        Failure(Options("SIP/2.0\r\nVia", "SIP/2.0 \r\nVia").Replace("com SIP/2.0", "com SIP/2.0 ")).ShouldBe(SipParseFailure.StartLineMalformed);

    [Fact]
    public void Headers_in_a_request_uri_are_read_and_do_nothing()
    {
        var request = Request(Options("sip:user@example.com SIP", "sip:user@example.com?Route=%3Csip:example.com%3E SIP"));
        request.Headers.Contains("Route").ShouldBeFalse();
        request.RequestUri.Headers.ShouldBe([new SipParameter("Route", "<sip:example.com>")]);
    }

    [Fact]
    public void A_contact_with_uri_headers_and_no_brackets() =>
        Failure(Options("<sip:ann@192.0.2.4>", "sip:user@example.com?Route=%3Csip:sip.example.com%3E")).ShouldBe(SipParseFailure.ContactMalformed);

    [Fact]
    public void An_unquoted_comma_in_a_display_name() =>
        Failure(Options("\"Ann\"", "Bell, Alexander")).ShouldBe(SipParseFailure.FromMalformed);

    [Theory]
    [InlineData("SIP/7.0")]
    [InlineData("SIP/2.00")]
    [InlineData("SIP/1.0")]
    public void Another_version(string version) => Failure(Options("SIP/2.0\n", version + "\n").Replace("com SIP/2.0", "com " + version)).ShouldBe(SipParseFailure.VersionUnsupported);

    [Fact]
    public void A_header_that_may_appear_once_appears_twice()
    {
        foreach (var line in (string[])["CSeq: 7 OPTIONS", "Call-ID: other", "i: other", "From: <sip:x@example.com>;tag=1", "To: <sip:x@example.com>", "Max-Forwards: 5", "l: 15"])
        {
            Failure(Options("Contact:", line + "\nContact:")).ShouldBe(SipParseFailure.HeaderRepeated, line);
        }
    }

    [Theory]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKbase", SipParseFailure.ViaMissing)]
    [InlineData("From: \"Ann\" <sip:ann@example.org>;tag=a1", SipParseFailure.FromMissing)]
    [InlineData("To: <sip:user@example.com>", SipParseFailure.ToMissing)]
    [InlineData("Call-ID: base@192.0.2.4", SipParseFailure.CallIdMissing)]
    [InlineData("CSeq: 7 OPTIONS", SipParseFailure.CSeqMissing)]
    public void A_missing_header(string line, SipParseFailure failure) => Failure(Options(line, "X-Other: 1")).ShouldBe(failure);

    [Theory]
    [InlineData("To: <sip:user@example.com>", "To: <sip:user@example.com", SipParseFailure.ToMalformed)]
    [InlineData("To: <sip:user@example.com>", "To: <>", SipParseFailure.ToMalformed)]
    [InlineData("To: <sip:user@example.com>", "To:", SipParseFailure.ToMalformed)]
    [InlineData("To: <sip:user@example.com>", "To: <sip:user@example.com> junk", SipParseFailure.ToMalformed)]
    [InlineData("Call-ID: base@192.0.2.4", "Call-ID: two words", SipParseFailure.CallIdMalformed)]
    [InlineData("Call-ID: base@192.0.2.4", "Call-ID: a@b@c", SipParseFailure.CallIdMalformed)]
    [InlineData("Call-ID: base@192.0.2.4", "Call-ID:", SipParseFailure.CallIdMalformed)]
    [InlineData("Contact:", "Record-Route: <tel:5>\nContact:", SipParseFailure.RouteMalformed)]
    [InlineData("Contact:", "Route: sip:a, sip:\nContact:", SipParseFailure.RouteMalformed)]
    [InlineData("Contact:", "No colon here\nContact:", SipParseFailure.HeaderMalformed)]
    [InlineData("Contact:", ": no name\nContact:", SipParseFailure.HeaderMalformed)]
    [InlineData("Contact:", "Bad Name: x\nContact:", SipParseFailure.HeaderMalformed)]
    [InlineData("OPTIONS sip:user@example.com SIP/2.0", "OPTIONS", SipParseFailure.StartLineMalformed)]
    [InlineData("OPTIONS sip:user@example.com SIP/2.0", "OPTIONS sip:user@example.com", SipParseFailure.StartLineMalformed)]
    [InlineData("OPTIONS sip:user@example.com SIP/2.0", "OPTIONS sip:user@example.com HTTP/1.1", SipParseFailure.StartLineMalformed)]
    [InlineData("OPTIONS sip:user@example.com SIP/2.0", "OPT[ONS sip:user@example.com SIP/2.0", SipParseFailure.MethodMalformed)]
    [InlineData("OPTIONS sip:user@example.com SIP/2.0", " OPTIONS sip:user@example.com SIP/2.0", SipParseFailure.StartLineMalformed)]
    public void A_bad_line(string good, string bad, SipParseFailure failure) => Failure(Options(good, bad)).ShouldBe(failure);

    [Fact]
    public void A_first_header_line_that_is_a_continuation() =>
        Failure(Options("Via: SIP", " folded: nothing\nVia: SIP")).ShouldBe(SipParseFailure.HeaderMalformed);

    [Theory]
    [InlineData("X-Smuggled: a\rVia: evil")]
    [InlineData("X-Smuggled: a\nVia: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKevil")]
    public void A_line_break_that_is_not_cr_lf(string smuggled)
    {
        var text = SipBench.Lines(Options()).Replace("Contact:", smuggled + "\r\nContact:");
        Parse(Encoding.UTF8.GetBytes(text), out _).ShouldBe(SipParseFailure.LineBreakMalformed);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x07)]
    [InlineData(0x1B)]
    [InlineData(0x7F)]
    public void A_control_character_in_a_header(int octet)
    {
        var bytes = Encoding.UTF8.GetBytes(SipBench.Lines(Options()));
        bytes[bytes.AsSpan().IndexOf("Ann"u8)] = (byte)octet;
        Parse(bytes, out _).ShouldBe(SipParseFailure.ControlCharacter);
    }

    [Fact]
    public void A_message_without_end_of_headers()
    {
        var text = SipBench.Lines(Options());
        Parse(Encoding.UTF8.GetBytes(text[..^2]), out _).ShouldBe(SipParseFailure.HeadersUnterminated);
    }

    [Fact]
    public void A_stream_message_without_content_length() =>
        Parse(Options("Content-Length: 0\r\n", "").Replace("Content-Length: 0", "X: 0"), out _, fromStream: true).ShouldBe(SipParseFailure.ContentLengthMissing);

    [Fact]
    public void Nothing_but_line_breaks() => Parse("\r\n\r\n"u8.ToArray(), out _).ShouldBe(SipParseFailure.Empty);

    [Fact]
    public void Other_protocols_on_the_port()
    {
        Parse("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), out var http).ShouldBe(SipParseFailure.StartLineMalformed);
        Parse([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], out var tls).ShouldBe(SipParseFailure.StartLineMalformed);
        Parse([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], out var stun).ShouldBe(SipParseFailure.StartLineMalformed);
        (http is SipResponse || tls is not null || stun is not null).ShouldBeFalse();
    }

    [Fact]
    public void Limits_have_names()
    {
        var limits = new SipLimits { MessageBytes = 2000, BodyBytes = 100, HeaderLines = 20, HeaderBytes = 300, StartLineBytes = 200, Vias = 3 };
        FailureWithin(limits, Options("\"Ann\"", $"\"{new string('n', 400)}\"")).ShouldBe(SipParseFailure.HeaderTooLong);
        FailureWithin(limits, Options("Contact:", "X-Folded: " + string.Concat(Enumerable.Repeat("\n " + new string('f', 90), 5)) + "\nContact:")).ShouldBe(SipParseFailure.HeaderTooLong);
        FailureWithin(limits, Options("Contact:", string.Concat(Enumerable.Repeat("X: 1\n", 25)) + "Contact:")).ShouldBe(SipParseFailure.TooManyHeaders);
        FailureWithin(limits, Options("user@example.com SIP", new string('u', 300) + "@example.com SIP")).ShouldBe(SipParseFailure.StartLineTooLong);
        FailureWithin(limits, Options("Contact:", "Via: SIP/2.0/UDP a, SIP/2.0/UDP b, SIP/2.0/UDP c\nContact:")).ShouldBe(SipParseFailure.TooManyVias);
        FailureWithin(limits, Options("Content-Length: 0", "Content-Length: 101")).ShouldBe(SipParseFailure.BodyTooLarge);
        Parse(Encoding.UTF8.GetBytes(SipBench.Lines(Options()) + new string('b', 2000)), out _, limits).ShouldBe(SipParseFailure.MessageTooLarge);
    }

    [Fact]
    public void Every_failure_has_a_phrase_of_its_own()
    {
        foreach (var failure in Enum.GetValues<SipParseFailure>().Except([SipParseFailure.None, SipParseFailure.Empty, SipParseFailure.StatusCodeMalformed]))
        {
            SipFailurePhrases.For(failure).Reason.ShouldNotBe("Bad Request", failure.ToString());
        }
    }

    private static SipParseFailure FailureWithin(SipLimits limits, string text) => Parse(text, out _, limits);
}
