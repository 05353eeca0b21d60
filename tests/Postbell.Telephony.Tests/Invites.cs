using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Telephony.Tests;

/// <summary>INVITEs as they come off the wire.</summary>
internal static class Invites
{
    public static SipRequest Parse(string requestUri, string from = "\"Ann\" <sip:+4930123@gw.example.com>;tag=a", params string[] headers) =>
        Parse(requestUri, "", from, headers);

    public static SipRequest Parse(string requestUri, string body, string from, string[] headers)
    {
        var text = new StringBuilder()
            .Append($"INVITE {requestUri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n")
            .Append($"From: {from}\r\nTo: <sip:5000@vm.example.com>\r\nCall-ID: c1@gw\r\nCSeq: 1 INVITE\r\nContact: <sip:gw.example.com>\r\n");
        foreach (var header in headers)
        {
            text.Append(header).Append("\r\n");
        }

        text.Append($"Content-Length: {body.Length}\r\n\r\n{body}");
        SipParser.Parse(Encoding.UTF8.GetBytes(text.ToString()), new SipLimits(), fromStream: false, out var message).ShouldBe(SipParseFailure.None);
        return message.ShouldBeOfType<SipRequest>();
    }
}
