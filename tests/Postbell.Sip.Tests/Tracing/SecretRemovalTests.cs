using System.Text;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Tests.Tracing;

public sealed class SecretRemovalTests
{
    private const string Secret = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20|1:4")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:SECRET")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc|2^20|1:4;inline:SECRET|2^20|2:4 UNENCRYPTED_SRTCP")]
    [InlineData("k=base64:SECRET")]
    [InlineData("a=key-mgmt:mikey SECRET")]
    [InlineData("a=ice-pwd:SECRET")]
    public void Keys_of_a_session_description_are_overwritten(string line)
    {
        var clean = Clean(TraceSamples.Request("INVITE", body: $"v=0\r\n{line.Replace("SECRET", Secret, StringComparison.Ordinal)}\r\nm=audio 4000 RTP/SAVP 0\r\n"));
        clean.ShouldNotContain(Secret);
        clean.ShouldContain("m=audio 4000 RTP/SAVP 0");
    }

    [Theory]
    [InlineData("Authorization: Digest username=\"anna\", realm=\"here\", nonce=\"n\", uri=\"sip:here\", response=\"SECRET\"")]
    [InlineData("authorization : digest username=\"anna\",RESPONSE = SECRET ,uri=\"sip:here\"")]
    [InlineData("Proxy-Authorization: Digest username=\"anna\",\n  response=\"SECRET\"")]
    [InlineData("Authorization:\n Digest username=\"anna\",\n\tresponse=\"SECRET\"")]
    [InlineData("Authorization: Digest username=\"anna\", password=\"a,SECRET\"")]
    [InlineData("Authorization: Basic SECRET")]
    [InlineData("Authorization: Basic\n SECRET")]
    [InlineData("Authorization: Bearer SECRET")]
    [InlineData("Authentication-Info: rspauth=\"SECRET\", qop=auth")]
    [InlineData("Contact: <sip:anna:SECRET@192.0.2.9>")]
    [InlineData("Contact: \"A\" <SIPS:anna;x=1:SECRET@192.0.2.9:5061>;expires=10")]
    public void Credentials_are_overwritten_and_the_rest_stays(string header)
    {
        var whole = TraceSamples.Request("INVITE", extra: header.Replace("SECRET", Secret, StringComparison.Ordinal) + "\n");
        var clean = Clean(whole);
        clean.ShouldNotContain(Secret);
        clean.Length.ShouldBe(Encoding.UTF8.GetString(whole).Length);
        clean.ShouldContain("Call-ID: call-1\r\n");
        clean.ShouldContain("CSeq: 1 INVITE\r\n");
    }

    [Fact]
    public void What_tells_why_a_digest_failed_stays()
    {
        var clean = Clean(TraceSamples.Request("INVITE", extra: $"Authorization: Digest username=\"anna\", realm=\"here\", nonce=\"n1\", response=\"{Secret}\", algorithm=MD5\n"));
        clean.ShouldContain($"username=\"anna\", realm=\"here\", nonce=\"n1\", response=\"{new string('*', Secret.Length)}\", algorithm=MD5");
    }

    [Theory]
    [InlineData("INFO", "Content-Type: application/dtmf-relay\n", "Signal=7\r\nDuration=100\r\n")]
    [InlineData("INFO", "Content-Type: application/dtmf\n", "7")]
    [InlineData("MESSAGE", "Content-Type: text/plain\n", "it is 7")]
    [InlineData("INVITE", "Content-Encoding: gzip\n", "compressed 7")]
    [InlineData("INVITE", "Content-Type: multipart/mixed;boundary=b\n", "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\nNzc3\r\n--b--")]
    public void Keys_pressed_messages_and_what_cannot_be_read_are_overwritten(string method, string extra, string body)
    {
        var clean = Clean(TraceSamples.Request(method, extra: extra, body: body));
        var kept = clean[(clean.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        kept.ShouldNotContain("7");
        kept.ShouldNotContain("Nzc3");
    }

    [Fact]
    public void A_message_without_secrets_stays_as_it_is()
    {
        var whole = TraceSamples.Request("INVITE", body: "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 0\r\n");
        Clean(whole).ShouldBe(Encoding.UTF8.GetString(whole));
    }

    private static string Clean(byte[] message)
    {
        var copy = message.ToArray();
        SecretRemoval.Clean(copy);
        return Encoding.UTF8.GetString(copy);
    }
}
