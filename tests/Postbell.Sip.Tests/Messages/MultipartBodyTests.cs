using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Messages;

/// <summary>A session description among other parts, as gateways with ISUP send it.</summary>
public sealed class MultipartBodyTests
{
    private const string Isup = "Content-Type: application/ISUP;version=itu-t92+\r\nContent-Disposition: signal;handling=optional\r\n\r\n\x01\x00\r\n--not\x05";
    private const string Sdp = "Content-Type: application/SDP; charset=utf-8\r\n\r\nv=0\r\ns=-\r\n";

    [Fact]
    public void The_part_is_found_wherever_it_stands()
    {
        Find("b1", $"--b1\r\n{Sdp}\r\n--b1\r\n{Isup}\r\n--b1--\r\n").ShouldBe("v=0\r\ns=-\r\n");
        Find("b1", $"preamble\r\n--b1\r\n{Isup}\r\n--b1\r\n{Sdp}\r\n--b1--").ShouldBe("v=0\r\ns=-\r\n");
        Find("\"b 1\"", $"--b 1\r\n{Sdp}\r\n--b 1--").ShouldBe("v=0\r\ns=-\r\n");
    }

    [Theory]
    [InlineData("b1", "")]
    [InlineData("b1", "--b1")]
    [InlineData("b1", "--b1\r\n--b1--")]
    [InlineData("b1", "--b1\r\nContent-Type: application/sdp\r\n--b1--")]
    [InlineData("b1", "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0 and no end")]
    [InlineData("b1", "x--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b1--")]
    [InlineData("", "--\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n----")]
    public void Nothing_is_found_in_nonsense(string boundary, string body) => Find(boundary, body).ShouldBe("");

    [Fact]
    public void A_body_of_one_type_is_taken_or_not()
    {
        Request("application/SDP;x=1", "v=0").ShouldBe("v=0");
        Request("text/plain", "v=0").ShouldBe("");
    }

    private static string Find(string boundary, string body) => Request($"multipart/mixed;boundary={boundary}", body);

    private static string Request(string type, string body)
    {
        var headers = new SipHeaders([new SipHeader("Content-Type", type)]);
        var request = new SipRequest("INVITE", SipUri.Create("5000", "host"), headers, Encoding.UTF8.GetBytes(body));
        return Encoding.UTF8.GetString(request.SessionDescription.Span);
    }
}
