using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Messages;

public sealed class SipUriTests
{
    [Theory]
    [InlineData("sip:alice@atlanta.com", "sip", "alice", "atlanta.com", null)]
    [InlineData("sip:alice:secretword@atlanta.com;transport=tcp", "sip", "alice", "atlanta.com", null)]
    [InlineData("sips:alice@atlanta.com?subject=project%20x&priority=urgent", "sips", "alice", "atlanta.com", null)]
    [InlineData("sip:+1-212-555-1212:1234@gateway.com;user=phone", "sip", "+1-212-555-1212", "gateway.com", null)]
    [InlineData("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", "sip", null, "atlanta.com", null)]
    [InlineData("sip:alice;day=tuesday@atlanta.com", "sip", "alice;day=tuesday", "atlanta.com", null)]
    [InlineData("SIP:1000@10.0.0.1:5080", "sip", "1000", "10.0.0.1", 5080)]
    [InlineData("sip:1000@[::1]:5080", "sip", "1000", "::1", 5080)]
    [InlineData("sip:*98#@pbx", "sip", "*98#", "pbx", null)]
    [InlineData("tel:+1-201-555-0123;phone-context=example.com", "tel", "+1-201-555-0123", "", null)]
    [InlineData("TEL:7042;phone-context=example.com", "tel", "7042", "", null)]
    public void Uris_are_read(string text, string scheme, string? user, string host, int? port)
    {
        SipUri.TryParse(text, out var uri).ShouldBeTrue();
        uri!.Scheme.ShouldBe(scheme);
        uri.User.ShouldBe(user);
        uri.Host.ShouldBe(host);
        uri.Port.ShouldBe(port);
        uri.ToString().ShouldBe(text);
    }

    [Fact]
    public void Parameters_and_headers_are_unescaped()
    {
        SipUri.TryParse("sip:vm@um;target=sip%3A5001%40pbx;cause=408?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22", out var uri).ShouldBeTrue();
        uri!.Parameters["TARGET"].ShouldBe("sip:5001@pbx");
        uri.Parameters["cause"].ShouldBe("408");
        uri.Headers.ShouldBe([new SipParameter("Reason", "SIP;cause=486;text=\"Busy\"")]);
    }

    [Theory]
    [InlineData("tel:")]
    [InlineData("tel:;x=1")]
    [InlineData("sip")]
    [InlineData(":5")]
    [InlineData("sip:host name")]
    [InlineData("sip:user@")]
    [InlineData("sip:user@host:123456")]
    [InlineData("sip:Ünïcode@host")]
    public void Nonsense_is_refused(string text) => SipUri.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_made_uri_escapes_its_user_and_brackets_its_host()
    {
        var uri = SipUri.Create("a@b c\r\n", "2001:db8::1", 5060);
        uri.ToString().ShouldBe("sip:a%40b%20c%0D%0A@[2001:db8::1]:5060");
        SipUri.TryParse(uri.ToString(), out var again).ShouldBeTrue();
        again!.User.ShouldBe("a@b c\r\n");
    }

    [Fact]
    public void A_copy_with_other_parameters_keeps_the_rest()
    {
        SipUri.TryParse("sip:a@h:5070;x=1?y=2", out var uri).ShouldBeTrue();
        uri!.WithParameters(new SipParameters([new SipParameter("transport", "tcp")])).ToString().ShouldBe("sip:a@h:5070;transport=tcp");
    }
}
