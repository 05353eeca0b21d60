using System.Net;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Tests.Tracing;

/// <summary>Messages with holes, noise and cut ends: whatever a peer sends, it is kept, drawn, captured and exported without an exception and without its key.</summary>
public sealed class TraceFuzzTests
{
    private static readonly string[] s_pieces =
    [
        "\r\n", "\n", "\r", "\r\n\r\n", ":", ";", "\"", "inline:", "sip:", "@", "Authorization: ", "Digest ", "response=", "response=\"", " ", "\t", "Call-ID:", "i: x",
        "CSeq: 1 ", "SIP/2.0 99999 ", "SIP/2.0 200", "\u001b[2J", "\0", "\u202e", "\ud83d\ude00", "Content-Encoding: gzip\r\n", "Content-Transfer-Encoding: base64\r\n", "k=", "a=key-mgmt:",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_message_makes_a_writer_throw(int seed)
    {
        var random = new Random(seed);
        using var export = new HepExport(new HepOptions { Collector = new IPEndPoint(IPAddress.Loopback, 9), Password = new string('p', 128) }, TimeProvider.System);
        using var samples = new TraceSamples(new CallTraceOptions { MaxBytes = 256 << 10, MaxMessagesPerCall = 16 }, export);
        for (var round = 0; round < 1500; round++)
        {
            var message = Mutate(random);
            var direction = (SipDirection)random.Next(2);
            var remote = new IPEndPoint(random.Next(2) == 0 ? IPAddress.IPv6Loopback : IPAddress.Parse("192.0.2.9"), random.Next(65536));
            samples.Traces.OnMessage(direction, (SipTransport)random.Next(3), TraceSamples.Here, remote, message);
            if (round % 10 == 0 && samples.Traces.Find(static _ => true) is { } trace)
            {
                TraceLadder.Draw(trace, messages: true).Where(c => char.IsControl(c) && c != '\n').ShouldBeEmpty();
                TracePcap.Write(trace).Length.ShouldBeGreaterThanOrEqualTo(24);
            }
        }

        samples.Traces.Statistics.Kept.ShouldBeGreaterThan(100);
    }

    private static byte[] Mutate(Random random)
    {
        var body = "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:aaaabbbbccccdddd|2^20\r\n";
        var message = random.Next(3) == 0
            ? TraceSamples.Response(random.Next(100, 700), $"call-{random.Next(20)}")
            : TraceSamples.Request(random.Next(2) == 0 ? "INVITE" : "INFO", $"call-{random.Next(20)}", body, "Authorization: Digest username=\"a\", response=\"0123\"\n");
        var bytes = new List<byte>(message);
        for (var changes = random.Next(6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)]));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(12_000)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
