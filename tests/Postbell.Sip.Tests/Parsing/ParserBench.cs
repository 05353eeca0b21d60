using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Tests.Parsing;

internal static class ParserBench
{
    public static SipParseFailure Parse(string text, out SipMessage? message, SipLimits? limits = null, bool fromStream = false) =>
        Parse(Encoding.UTF8.GetBytes(SipBench.Lines(text)), out message, limits, fromStream);

    public static SipParseFailure Parse(byte[] bytes, out SipMessage? message, SipLimits? limits = null, bool fromStream = false) =>
        SipParser.Parse(bytes, limits ?? new SipLimits(), fromStream, out message);

    public static SipRequest Request(string text)
    {
        Parse(text, out var message).ShouldBe(SipParseFailure.None);
        return message.ShouldBeOfType<SipRequest>();
    }

    public static SipResponse Response(string text)
    {
        Parse(text, out var message).ShouldBe(SipParseFailure.None);
        return message.ShouldBeOfType<SipResponse>();
    }

    public static SipParseFailure Failure(string text) => Parse(text, out _);

    /// <summary>An OPTIONS that is right in everything, with one thing changed.</summary>
    public static string Options(string good = "", string bad = "") => Base.Replace(good.Length == 0 ? "\0" : good, bad);

    private const string Base =
        """
        OPTIONS sip:user@example.com SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKbase
        Max-Forwards: 70
        From: "Ann" <sip:ann@example.org>;tag=a1
        To: <sip:user@example.com>
        Call-ID: base@192.0.2.4
        CSeq: 7 OPTIONS
        Contact: <sip:ann@192.0.2.4>
        Content-Length: 0

        """;
}
