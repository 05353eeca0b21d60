using System.Text;
using Postbell.Sip.Messages;
using Postbell.Telephony.TextMessages;

namespace Postbell.Telephony.Tests.TextMessages;

/// <summary>What a MESSAGE says (RFC 3428), and what is wrong with those that say nothing.</summary>
public sealed class TextBodyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("Text/Plain; format=flowed; Charset=\"UTF-8\"")]
    [InlineData("text/plain;charset=us-ascii")]
    public void Plain_text_is_UTF8_unless_it_says_otherwise(string? type) =>
        Read(type, Encoding.UTF8.GetBytes("Grüße, 你好")).ShouldBe(("Grüße, 你好", null));

    [Fact]
    public void Latin_1_is_read() => Read("text/plain;charset=ISO-8859-1", [0x47, 0x72, 0xFC, 0xDF, 0x65]).ShouldBe(("Grüße", null));

    [Theory]
    [InlineData("text/html", "hello", "unknown_type")]
    [InlineData("application/im-iscomposing+xml", "<isComposing/>", "unknown_type")]
    [InlineData("message/cpim", "From: a", "unknown_type")]
    [InlineData("text/plain;charset=utf-7", "hello", "unknown_type")]
    [InlineData("text/plain;charset=shift_jis", "hello", "unknown_type")]
    [InlineData("text/plain", "", "empty")]
    [InlineData("text/plain", " \r\n\t ", "empty")]
    public void What_cannot_be_read_is_refused_by_name(string type, string body, string refusal) =>
        Read(type, Encoding.UTF8.GetBytes(body)).ShouldBe((null, refusal));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() => Read("text/plain", [0x48, 0xC3, 0x28]).ShouldBe((null, "garbled"));

    [Fact]
    public void A_compressed_body_is_refused() => Read("text/plain", "hello"u8.ToArray(), "gzip").ShouldBe((null, "encoded"));

    [Fact]
    public void A_text_is_taken_up_to_its_limit()
    {
        Read("text/plain", Encoding.ASCII.GetBytes(new string('x', TextBody.LongestBytes))).Text!.Length.ShouldBe(TextBody.LongestBytes);
        Read("text/plain", Encoding.ASCII.GetBytes(new string('x', TextBody.LongestBytes + 1))).ShouldBe((null, "too_large"));
    }

    [Fact]
    public void Nothing_that_a_peer_may_send_makes_it_throw()
    {
        var random = new Random(3428);
        string[] types = ["text/plain", "text/plain;charset", "text/plain;charset=", "text/plain;;=;charset=\"", "text/plain;charset=utf-16", ";", ""];
        for (var i = 0; i < 20_000; i++)
        {
            var body = new byte[random.Next(0, 60)];
            random.NextBytes(body);
            var type = types[random.Next(types.Length)] + (random.Next(2) == 0 ? "" : Encoding.Latin1.GetString(body));
            var (text, refusal) = Read(type, body);
            (text is null).ShouldBe(refusal is not null);
        }
    }

    private static (string? Text, string? Refusal) Read(string? type, byte[] body, string? encoding = null)
    {
        var request = SipRequest.Create(SipMethods.Message, SipUri.Create("1001", "example.com"), new NameAddress(SipUri.Create("a", "example.com")), null, body, type);
        if (encoding is not null)
        {
            request.Headers.Add("Content-Encoding", encoding);
        }

        var (text, refusal) = TextBody.Read(request);
        return (text, refusal?.Name);
    }
}
