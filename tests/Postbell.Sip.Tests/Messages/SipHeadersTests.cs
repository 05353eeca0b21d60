using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Messages;

public sealed class SipHeadersTests
{
    [Fact]
    public void Names_are_found_in_any_case_and_in_compact_form()
    {
        var headers = new SipHeaders();
        headers.Add("f", "a");
        headers.Add("CALL-id", "b");
        headers.Add("x-OWN", "c");
        headers["From"].ShouldBe("a");
        headers["i"].ShouldBe("b");
        headers["X-Own"].ShouldBe("c");
        headers.Contains("t").ShouldBeFalse();
    }

    [Fact]
    public void Order_is_kept_and_set_replaces_all()
    {
        var headers = new SipHeaders([new SipHeader("Via", "1"), new SipHeader("To", "2"), new SipHeader("v", "3")]);
        headers.GetAll("Via").ShouldBe(["1", "3"]);
        headers.CountOf("via").ShouldBe(2);
        headers.Set("Via", "4");
        headers.Select(header => header.Value).ShouldBe(["4", "2"]);
        headers.Remove("VIA");
        headers.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("a, b,c", new[] { "a", "b", "c" })]
    [InlineData("\"x, y\" <sip:a,b@c>, <sip:d>", new[] { "\"x, y\" <sip:a,b@c>", "<sip:d>" })]
    [InlineData("\"a\\\", b\" <sip:x>, c", new[] { "\"a\\\", b\" <sip:x>", "c" })]
    [InlineData(" , ,a,, ", new[] { "a" })]
    [InlineData("", new string[0])]
    public void Comma_lists_are_split_outside_of_quotes_and_brackets(string line, string[] values)
    {
        var headers = new SipHeaders();
        headers.Add("Route", line);
        headers.GetValues("Route").ShouldBe(values);
    }

    [Fact]
    public void A_message_survives_being_written_and_read()
    {
        var uri = SipUri.Create("5000", "192.0.2.1");
        var request = SipRequest.Create(SipMethods.Notify, uri, new NameAddress("Ännchen \"von\" Tharau", uri, SipParameters.Empty), body: "Messages-Waiting: yes\r\n"u8.ToArray(), contentType: "application/simple-message-summary");
        request.Headers.Prepend("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1");

        Postbell.Sip.Parsing.SipParser.Parse(request.ToBytes(), new(), true, out var read).ShouldBe(Postbell.Sip.Parsing.SipParseFailure.None);

        read!.ToString().ShouldBe(request.ToString());
        read.From.DisplayName.ShouldBe("Ännchen \"von\" Tharau");
        read.Body.ToArray().ShouldBe("Messages-Waiting: yes\r\n"u8.ToArray());
    }
}
