using System.Diagnostics;
using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Tests;

/// <summary>
/// Mutated messages with fixed seeds: whatever comes, the parser answers with a message or a reason, quickly, and what it accepted can be
/// written, read again and handled by the whole stack.
/// </summary>
public sealed class SipParserFuzzTests
{
    private const int RoundsPerSeed = 4_000;

    private static readonly string[] Dictionary =
    [
        "\r\n", "\r\n\r\n", "\n", "\r", "\0", ":", ";", ",", "\"", "\\", "<", ">", "@", "%", "%00", "%zz", " ", "\t", "=", "[", "]", "[::1]", "SIP/2.0",
        "z9hG4bK", "Content-Length: -1\r\n", "Content-Length: 4294967296\r\n", "l: 3\r\n", "Via: SIP/2.0/UDP a\r\n", " folded\r\n", "99999999999999999999",
        ";tag=", ";branch=", ";rport", "sip:", "tel:", "INVITE ", "ACK ", "CANCEL ", "\u00e9", "\ud83d\ude00",
    ];

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_mutation_makes_the_parser_throw_or_hang(int seed)
    {
        var random = new Random(seed);
        var slowest = TimeSpan.Zero;
        for (var round = 0; round < RoundsPerSeed; round++)
        {
            var bytes = Mutate(random);
            var started = Stopwatch.GetTimestamp();
            var failure = SipParser.Parse(bytes, new SipLimits(), random.Next(2) == 0, out var message);
            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
            if (failure == SipParseFailure.None)
            {
                Use(message!);
            }

            Drain(bytes);
        }

        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_mutation_makes_the_stack_throw(int seed)
    {
        var random = new Random(seed * 1000);
        using var bench = new SipBench();
        bench.Invited = static invite => invite.Reject(404);
        bench.Requested = static request => request.Respond(200);
        for (var round = 0; round < RoundsPerSeed / 2; round++)
        {
            bench.Receive(Mutate(random));
        }

        bench.TakeAll();
        bench.Advance(33_000);
        bench.Stack.Transactions.ServerCount.ShouldBe(0);
        bench.Stack.Dialogs.Count.ShouldBe(0);
    }

    [Fact]
    public void Quadratic_traps_are_read_in_linear_time()
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var trap in (string[])["\"", "\\", "<", ",", ";", "(", "\r\n ", "%", "a,", "<sip:a>,"])
        {
            var text = $"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContact: {string.Concat(Enumerable.Repeat(trap, 60_000 / trap.Length))}\r\n\r\n";
            SipParser.Parse(Encoding.UTF8.GetBytes(text), new SipLimits { HeaderBytes = 65_535 }, false, out _);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static void Use(SipMessage message)
    {
        _ = message.From.DisplayName;
        _ = message.To.Tag;
        _ = message.Contact?.Uri.User;
        _ = message.CSeq;
        _ = message.MaxForwards;
        _ = message.ContentType;
        _ = message.SessionDescription;
        _ = message.Vias.Count;
        SipParser.Parse(message.ToBytes(), new SipLimits { MessageBytes = 1 << 20, HeaderBytes = 1 << 20 }, true, out var again).ShouldBe(SipParseFailure.None);
        again!.Body.ToArray().ShouldBe(message.Body.ToArray());
        again.Headers["From"].ShouldBe(message.Headers["From"]);
    }

    private static void Drain(byte[] bytes)
    {
        var framer = new SipStreamFramer(new SipLimits());
        var rest = bytes.AsSpan();
        while (framer.Next(rest, out var length, out _) is SipFrame.Message or SipFrame.Ping or SipFrame.Pong)
        {
            length.ShouldBeGreaterThan(0);
            rest = rest[length..];
        }
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(SipBench.Lines(Corpus[random.Next(Corpus.Length)])).ToList();
        for (var change = random.Next(1, 9); change > 0; change--)
        {
            MutateOnce(bytes, random);
        }

        return [.. bytes];
    }

    private static void MutateOnce(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Dictionary[random.Next(Dictionary.Length)]));
                break;
            case 5:
                bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 0);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(1, 300)));
                break;
        }
    }

    private static readonly string[] Corpus =
    [
        Wire.Invite(),
        Wire.Invite(extra: "Record-Route: <sip:192.0.2.71;lr>, <sip:p@[2001:db8::1]:5070;lr>\nDiversion: \"A, B\" <sip:5001@gw>;reason=no-answer\nHistory-Info: <sip:5001@gw?Reason=SIP%3Bcause%3D486>;index=1"),
        Wire.Options(),
        Wire.Invite(body: "--b\nContent-Type: application/sdp\n\nv=0\n--b--").Replace("application/sdp\n", "multipart/mixed;boundary=b\n"),
        Wire.Ack("abc"),
        Wire.Cancel(),
        Wire.InDialog("BYE", "abc", 2, extra: "Reason: Q.850;cause=16;text=\"x\""),
        Wire.InDialog("INFO", "abc", 3, body: "Signal=5"),
        """
        SIP/2.0 200 OK
        v: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport=5060;received=192.0.2.1
        f: "Caller \"q\"" <sip:200@192.0.2.9>;tag=peer
        t: sip:5000@192.0.2.1;tag=callee
        i: call-9@host
        CSeq: 1 INVITE
        m: <sip:callee@192.0.2.9;transport=tcp>;expires=3600
        Subject: folded
          over
        	lines
        l: 6

        answer
        """,
    ];
}
