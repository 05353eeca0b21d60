using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using static Postbell.Sip.Tests.Parsing.ParserBench;

namespace Postbell.Sip.Tests.Parsing;

/// <summary>Messages in the spirit of RFC 4475 section 3.1.1: odd, and to be understood all the same.</summary>
public sealed class StrangeButValidMessageTests
{
    [Fact]
    public void A_short_tortuous_invite_with_folds_compact_names_and_odd_spacing_is_read()
    {
        var invite = Request(
            """
            INVITE sip:vivekg@chair.example.com;unknownparam SIP/2.0
            TO :
             sip:vivekg@chair.example.com ;   tag    = 1918181833n
            from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
              ;
              tag = 98asjd8
            MaX-fOrWaRdS: 0068
            Call-ID: wsinv.ndaksdj@192.0.2.1
            Content-Length   : 0
            cseq: 0009
              INVITE
            Via  : SIP  /   2.0
             /UDP
                192.0.2.2;branch=390skdjuw
            s :
            NewFangledHeader:   newfangled value
             continued newfangled value
            UnknownHeaderWithUnusualValue: ;;,,;;,;
            Content-Type: application/sdp
            Route:
             <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
            v:  SIP  / 2.0  / TCP     spindle.example.com   ;
              branch  =   z9hG4bK9ikj8  ,
             SIP  /    2.0   / UDP  192.168.255.111   ; branch=
             z9hG4bK30239
            m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
                  newvalue ;
              secondparam ; q = 0.33
            """);

        invite.To.Tag.ShouldBe("1918181833n");
        invite.From.DisplayName.ShouldBe("J Rosenberg \\\"");
        invite.From.Tag.ShouldBe("98asjd8");
        invite.MaxForwards.ShouldBe(68);
        invite.CSeq.ShouldBe(new SipCSeq(9, "INVITE"));
        invite.Vias.Select(via => (via.Transport, via.Host, via.Branch)).ShouldBe(
        [
            ("UDP", "192.0.2.2", "390skdjuw"),
            ("TCP", "spindle.example.com", "z9hG4bK9ikj8"),
            ("UDP", "192.168.255.111", "z9hG4bK30239"),
        ]);
        invite.Headers["Subject"].ShouldBe("");
        invite.Headers["NewFangledHeader"].ShouldBe("newfangled value continued newfangled value");
        invite.Contact!.DisplayName.ShouldBe("Quoted string \"\"");
        invite.Contact.Parameters["q"].ShouldBe("0.33");
        invite.Contact.Parameters["newparam"].ShouldBe("newvalue");
    }

    [Fact]
    public void Every_character_that_is_allowed_somewhere_is_allowed_there()
    {
        var text = Options("OPTIONS", "!interesting-Method0123456789_*+`.%indeed'~")
            .Replace("sip:user@example.com SIP", "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP")
            .Replace("Call-ID: base@192.0.2.4", "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")
            .Replace("From: \"Ann\" <sip:ann@example.org>;tag=a1", "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"работающий\";tag=_token~1'+`*%!-.");

        var request = Request(text);

        request.Method.ShouldBe("!interesting-Method0123456789_*+`.%indeed'~");
        request.RequestUri.User.ShouldBe("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
        request.From.DisplayName.ShouldBe("token1~` token2'+_ token3*%!.-");
        request.From.Parameters["fromParam''~+*_!.-%"].ShouldBe("работающий");
        request.From.Tag.ShouldBe("_token~1'+`*%!-.");
    }

    [Fact]
    public void Control_characters_in_quoted_pairs_are_read_and_repeated()
    {
        var bytes = Encoding.UTF8.GetBytes(SipBench.Lines(Options("\"Ann\"", "\"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7F\"")));
        Parse(bytes, out var message).ShouldBe(SipParseFailure.None);
        message!.From.DisplayName.ShouldBe("BEL:\x07 NUL:\x00 DEL:\x7F");
        message.ToBytes().AsSpan().IndexOf("NUL:\\\0"u8).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Escapes_in_uris_are_resolved_and_the_text_is_kept()
    {
        var request = Request(Options("sip:user@example.com SIP", "sip:sips%3Auser%40example.com@example.net SIP"));
        request.RequestUri.User.ShouldBe("sips:user@example.com");
        request.RequestUri.ToString().ShouldBe("sip:sips%3Auser%40example.com@example.net");
    }

    [Fact]
    public void An_escaped_nul_in_a_user_is_part_of_it()
    {
        var request = Request(Options("<sip:user@example.com>", "<sip:null-%00-null@example.com>"));
        request.To.Uri.User.ShouldBe("null-\0-null");
    }

    [Fact]
    public void A_percent_sign_in_a_method_is_no_escape() =>
        Request(Options("OPTIONS", "RE%47IST%45R")).Method.ShouldBe("RE%47IST%45R");

    [Fact]
    public void No_blank_is_needed_between_display_name_and_bracket()
    {
        var request = Request(Options("\"Ann\" <sip:ann@example.org>", "caller<sip:caller@example.com>"));
        request.From.DisplayName.ShouldBe("caller");
    }

    [Fact]
    public void Long_values_are_read_within_the_limits()
    {
        var name = new string('x', 3000);
        var request = Request(Options("\"Ann\"", $"\"{name}\"").Replace("base@", new string('c', 500) + "@"));
        request.From.DisplayName.ShouldBe(name);
    }

    [Fact]
    public void Bytes_behind_the_body_of_a_datagram_are_dropped()
    {
        var text = SipBench.Lines(Options("Content-Length: 0", "Content-Type: text/plain\nContent-Length: 4")) + "body\r\nINVITE sip:joe@example.com SIP/2.0\r\n";
        Parse(Encoding.UTF8.GetBytes(text), out var message).ShouldBe(SipParseFailure.None);
        Encoding.UTF8.GetString(message!.Body.Span).ShouldBe("body");
    }

    [Fact]
    public void A_datagram_without_content_length_ends_the_body()
    {
        var text = SipBench.Lines(Options("Content-Length: 0", "Content-Type: text/plain")) + "all of it";
        Parse(Encoding.UTF8.GetBytes(text), out var message).ShouldBe(SipParseFailure.None);
        Encoding.UTF8.GetString(message!.Body.Span).ShouldBe("all of it");
    }

    [Fact]
    public void Semicolons_in_the_user_part_stay_there()
    {
        var request = Request(Options("sip:user@example.com SIP", "sip:user;par=u%40example.net@example.com SIP"));
        request.RequestUri.User.ShouldBe("user;par=u@example.net");
        request.RequestUri.Host.ShouldBe("example.com");
        request.RequestUri.Parameters.Count.ShouldBe(0);
    }

    [Fact]
    public void Vias_with_transports_we_do_not_know_are_read()
    {
        var request = Request(Options(
            "Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKbase",
            "Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKk1\nVia: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKk2\nVia: SIP/2.0/UNKNOWN t3.example.com;branch=z9hG4bKk3"));
        request.Vias.Select(via => via.Transport).ShouldBe(["UDP", "SCTP", "UNKNOWN"]);
    }

    [Fact]
    public void A_multipart_body_is_kept_byte_for_byte()
    {
        byte[] body = [.. "--b\r\n\r\n"u8, 0, 1, 0xFF, 0x0D, 0x0A, .. "--b--"u8];
        byte[] bytes = [.. Encoding.UTF8.GetBytes(SipBench.Lines(Options("Content-Length: 0", $"Content-Type: multipart/mixed;boundary=b\nContent-Length: {body.Length}"))), .. body];
        Parse(bytes, out var message).ShouldBe(SipParseFailure.None);
        message!.Body.ToArray().ShouldBe(body);
        message.ContentType.ShouldBe("multipart/mixed");
    }

    [Fact]
    public void An_unusual_reason_phrase_is_kept()
    {
        var response = Response(Status("200 = 2**3 * 5**2 но сто девяносто девять - простое"));
        response.Status.ShouldBe(200);
        response.Reason.ShouldBe("= 2**3 * 5**2 но сто девяносто девять - простое");
    }

    [Theory]
    [InlineData("100 ")]
    [InlineData("100")]
    public void An_empty_reason_phrase_is_fine(string line) => Response(Status(line)).Reason.ShouldBe("");

    [Fact]
    public void An_invite_of_an_rfc_2543_client_is_read()
    {
        var invite = Request(
            """
            INVITE sip:UserB@example.com SIP/2.0
            Via: SIP/2.0/UDP iftgw.example.com
            From: <sip:+13035551111@ift.client.example.net;user=phone>
            Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
            To: sip:+16505552222@ss1.example.net;user=phone
            Call-ID: inv2543.1717@ift.client.example.com
            CSeq: 56 INVITE
            Contact: <sip:+13035551111@ift.client.example.net;user=phone>
            Content-Type: application/sdp
            """);
        invite.From.Tag.ShouldBeNull();
        invite.MaxForwards.ShouldBeNull();
        invite.To.Uri.User.ShouldBe("+16505552222");
        invite.To.Parameters["user"].ShouldBe("phone");
        invite.Vias[0].HasUniqueBranch.ShouldBeFalse();
    }

    [Fact]
    public void An_unknown_uri_scheme_in_from_and_to_is_no_mistake()
    {
        var request = Request(Options("<sip:user@example.com>", "<isbn:2983792873>").Replace("<sip:ann@example.org>", "<http://www.example.com>"));
        request.To.Uri.Scheme.ShouldBe("isbn");
        request.From.Uri.ToString().ShouldBe("http://www.example.com");
    }

    [Fact]
    public void A_bad_date_is_not_our_business() =>
        Request(Options("Contact:", "Date: Fri, 01 Jan 2010 16:00:00 EST\nContact:")).Headers["Date"].ShouldBe("Fri, 01 Jan 2010 16:00:00 EST");

    [Fact]
    public void Blanks_between_bracket_and_uri_are_forgiven() =>
        Request(Options("<sip:ann@example.org>", "< sip:ann@example.org >")).From.Uri.User.ShouldBe("ann");

    [Fact]
    public void Line_breaks_before_a_message_are_skipped() =>
        Parse(Encoding.UTF8.GetBytes("\r\n\r\n" + SipBench.Lines(Options())), out _).ShouldBe(SipParseFailure.None);

    [Fact]
    public void Addresses_of_ipv6_are_read()
    {
        var request = Request(Options("sip:user@example.com SIP", "sip:user@[2001:db8::10]:5070;transport=tcp SIP")
            .Replace("192.0.2.4;branch", "[2001:db8::9]:5080;received=2001:db8::99;branch"));
        request.RequestUri.Host.ShouldBe("2001:db8::10");
        request.RequestUri.Port.ShouldBe(5070);
        request.RequestUri.TryGetAddress(out var address).ShouldBeTrue();
        address!.ToString().ShouldBe("2001:db8::10");
        request.Vias[0].Host.ShouldBe("2001:db8::9");
        request.Vias[0].ToString().ShouldBe("SIP/2.0/UDP [2001:db8::9]:5080;received=2001:db8::99;branch=z9hG4bKbase");
    }

    private static string Status(string rest) =>
        $"""
        SIP/2.0 {rest}
        Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
        Call-ID: response.1234@example.com
        CSeq: 35 INVITE
        From: <sip:user@example.com>;tag=11141343
        To: <sip:user@example.edu>;tag=2229
        Content-Length: 0
        Contact: <sip:user@host198.example.com>
        """;
}
