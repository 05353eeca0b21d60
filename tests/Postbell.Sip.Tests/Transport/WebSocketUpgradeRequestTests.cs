using System.Text;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Tests.Transport;

/// <summary>The request for a WebSocket: read strictly, every refusal with its reason, whatever the bytes.</summary>
public sealed class WebSocketUpgradeRequestTests
{
    private const string Good =
        "GET /sip HTTP/1.1\r\nHost: vm.example.com\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, sip\r\nOrigin: https://phone.example.com\r\n\r\n";

    private static readonly string[] s_origins = ["https://phone.example.com"];

    [Fact]
    public void A_browsers_request_is_taken()
    {
        var request = Parse(Good);
        request.Failure.ShouldBeNull();
        request.Key.ShouldBe("dGhlIHNhbXBsZSBub25jZQ==");
        request.Protocol.ShouldBe("sip");
    }

    [Fact]
    public void A_program_that_names_no_origin_is_taken() => Parse(Good.Replace("Origin: https://phone.example.com\r\n", "")).Failure.ShouldBeNull();

    [Theory]
    [InlineData("GET /sip", "POST /sip", SipWebSocketFailure.NotGet)]
    [InlineData("HTTP/1.1", "HTTP/1.0", SipWebSocketFailure.Malformed)]
    [InlineData("GET /sip HTTP", "GET  HTTP", SipWebSocketFailure.Malformed)]
    [InlineData("GET /sip HTTP", "GET /a b HTTP", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "Host: a\r\nHost: b\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm", "Host : vm", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "Host: vm.example.com\r\n folded\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "Host: vm.example.com\nX: y\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "Host: vm.example.com\r\nContent-Length: 5\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("Host: vm.example.com\r\n", "Host: vm.example.com\r\nTransfer-Encoding: chunked\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("Upgrade: WebSocket\r\n", "", SipWebSocketFailure.NotUpgrade)]
    [InlineData("Upgrade: WebSocket", "Upgrade: h2c", SipWebSocketFailure.NotUpgrade)]
    [InlineData("keep-alive, Upgrade", "keep-alive", SipWebSocketFailure.NotUpgrade)]
    [InlineData("Version: 13", "Version: 8", SipWebSocketFailure.WrongVersion)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", SipWebSocketFailure.BadKey)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!!!", SipWebSocketFailure.BadKey)]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", SipWebSocketFailure.Malformed)]
    [InlineData("chat, sip", "chat, sipx", SipWebSocketFailure.NoSipProtocol)]
    [InlineData("https://phone.example.com", "https://phone.example.com.evil.example", SipWebSocketFailure.OriginRefused)]
    [InlineData("https://phone.example.com", "null", SipWebSocketFailure.OriginRefused)]
    [InlineData("https://phone.example.com", "http://phone.example.com", SipWebSocketFailure.OriginRefused)]
    public void What_is_wrong_is_named(string good, string bad, SipWebSocketFailure failure)
    {
        Good.ShouldContain(good);
        Parse(Good.Replace(good, bad)).Failure.ShouldBe(failure);
    }

    [Fact]
    public void Long_and_many_lines_are_too_large()
    {
        Parse(Good.Replace("Host:", $"X: {new string('x', 8192)}\r\nHost:")).Failure.ShouldBe(SipWebSocketFailure.TooLarge);
        Parse(Good.Replace("Host:", string.Concat(Enumerable.Repeat("X: y\r\n", 70)) + "Host:")).Failure.ShouldBe(SipWebSocketFailure.TooLarge);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_mutation_makes_the_parser_throw_or_take_what_a_stricter_reader_would_not(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(Good).ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.Latin1.GetBytes(random.Next(2) == 0 ? "\r\n" : "Sec-WebSocket-Version: 13\r\n"));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)));
                        break;
                }

                if (bytes.Count == 0)
                {
                    bytes.Add((byte)'\r');
                }
            }

            var request = WebSocketUpgradeRequest.Parse([.. bytes], s_origins);
            if (request.Failure is null)
            {
                var text = Encoding.Latin1.GetString([.. bytes]);
                text.ShouldStartWith("GET ");
                text.ShouldEndWith("\r\n\r\n");
                Convert.FromBase64String(request.Key).Length.ShouldBe(16);
                text.Replace("\r\n", "").ShouldNotContain('\r');
                text.Replace("\r\n", "").ShouldNotContain('\n');
            }
        }
    }

    private static WebSocketUpgradeRequest Parse(string text) => WebSocketUpgradeRequest.Parse(Encoding.Latin1.GetBytes(text), s_origins);
}
