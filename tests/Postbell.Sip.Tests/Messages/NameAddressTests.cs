using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Messages;

public sealed class NameAddressTests
{
    [Theory]
    [InlineData("\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s", "A. G. Bell", "agb", "a48s")]
    [InlineData("sip:+12125551212@server.phone2net.com;tag=887s", null, "+12125551212", "887s")]
    [InlineData("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8", "Anonymous", "c8oqz84zk7z", "hyh8")]
    [InlineData("<sip:5001@gw>", null, "5001", null)]
    [InlineData("\"\" <sip:5001@gw>", "", "5001", null)]
    [InlineData("\"<sip:evil@x>, \\\"quoted\\\"\" <sip:good@gw>", "<sip:evil@x>, \"quoted\"", "good", null)]
    [InlineData("Jürgen Groß <sip:5001@gw>", "Jürgen Groß", "5001", null)]
    [InlineData("<tel:+14255550123>;reason=no-answer", null, "+14255550123", null)]
    public void Addresses_are_read(string text, string? name, string user, string? tag)
    {
        NameAddress.TryParse(text, out var address).ShouldBeTrue();
        address!.DisplayName.ShouldBe(name);
        address.Uri.User.ShouldBe(user);
        address.Tag.ShouldBe(tag);
    }

    [Fact]
    public void A_diversion_list_is_split_where_it_should_be()
    {
        var headers = new SipHeaders();
        headers.Add("Diversion", "\"Bell, Alexander\" <sip:5001@gw>;reason=no-answer;counter=1, <sip:5002@gw;x=\"a,b\">;reason=\"user-busy\"");
        headers.Add("diversion", "<sip:5003@gw>");

        var diversions = headers.GetValues("Diversion").Select(text => NameAddress.TryParse(text, out var address) ? address : null).ToList();

        diversions.Select(d => d?.Uri.User).ShouldBe(["5001", null, "5003"]);
        diversions[0]!.DisplayName.ShouldBe("Bell, Alexander");
        diversions[0]!.Parameters["reason"].ShouldBe("no-answer");
    }

    [Fact]
    public void A_history_info_list_keeps_its_escaped_reasons()
    {
        var headers = new SipHeaders();
        headers.Add("History-Info", "<sip:5001@gw?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1, <sip:5900@um>;index=1.1");
        var entries = headers.GetValues("History-Info").ToList();
        entries.Count.ShouldBe(2);
        NameAddress.TryParse(entries[0], out var first).ShouldBeTrue();
        first!.Uri.Headers[0].Value.ShouldBe("SIP;cause=486;text=\"Busy\"");
        first.Parameters["index"].ShouldBe("1");
    }

    [Fact]
    public void The_wire_form_quotes_the_name()
    {
        NameAddress.TryParse("Ann <sip:a@b>;tag=1", out var address).ShouldBeTrue();
        new NameAddress("a \"b\" \\ c", address!.Uri, address.Parameters).ToString().ShouldBe("\"a \\\"b\\\" \\\\ c\" <sip:a@b>;tag=1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("\"")]
    [InlineData("\"x\" sip:a@b")]
    [InlineData("name sip:a@b")]
    [InlineData("<sip:a@b>x")]
    [InlineData("<sip:a@b>;=1")]
    [InlineData("<sip:a@b>;tag=\"x")]
    [InlineData("sip:a@b, sip:c@d")]
    public void Nonsense_is_refused(string text) => NameAddress.TryParse(text, out _).ShouldBeFalse();
}
