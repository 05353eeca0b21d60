using System.Text;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Tests.Parsing;

/// <summary>Messages in a byte stream: several at once, in pieces, and what makes a stream unreadable.</summary>
public sealed class SipStreamFramerTests
{
    private static readonly byte[] First = Message("first", "body one");
    private static readonly byte[] Second = Message("second", "");

    [Fact]
    public void Several_messages_and_keep_alives_are_taken_apart()
    {
        byte[] stream = [.. First, .. "\r\n\r\n"u8, .. Second, .. "\r\n"u8, .. First];
        Frames(stream).ShouldBe([SipFrame.Message, SipFrame.Ping, SipFrame.Message, SipFrame.Pong, SipFrame.Message, SipFrame.Incomplete]);
    }

    [Fact]
    public void A_message_may_come_byte_by_byte()
    {
        var framer = new SipStreamFramer(new SipLimits());
        for (var length = 1; length < First.Length; length++)
        {
            framer.Next(First.AsSpan(0, length), out _, out _).ShouldBe(SipFrame.Incomplete, $"{length} bytes");
        }

        framer.Next(First, out var taken, out _).ShouldBe(SipFrame.Message);
        taken.ShouldBe(First.Length);
    }

    [Fact]
    public void The_body_may_look_like_a_message()
    {
        var inner = Encoding.UTF8.GetString(Second);
        byte[] stream = [.. Message("outer", inner), .. Second];
        Frames(stream).ShouldBe([SipFrame.Message, SipFrame.Message, SipFrame.Incomplete]);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", SipParseFailure.ContentLengthMalformed)]
    [InlineData("Content-Length: 5\r\nl: 0", SipParseFailure.ContentLengthMalformed)]
    [InlineData("Content-Length: 1\r\n 0", SipParseFailure.ContentLengthMalformed)]
    [InlineData("Content-Length: -1", SipParseFailure.ContentLengthMalformed)]
    [InlineData("X: 0", SipParseFailure.ContentLengthMissing)]
    [InlineData("Content-Length: 60000", SipParseFailure.MessageTooLarge)]
    public void A_length_that_cannot_be_trusted_breaks_the_stream(string header, SipParseFailure expected)
    {
        var bytes = Encoding.UTF8.GetBytes($"OPTIONS sip:a@b SIP/2.0\r\n{header}\r\n\r\n");
        new SipStreamFramer(new SipLimits()).Next(bytes, out _, out var failure).ShouldBe(SipFrame.Broken);
        failure.ShouldBe(expected);
    }

    [Fact]
    public void Headers_without_end_break_the_stream_at_the_limit()
    {
        var bytes = Encoding.UTF8.GetBytes("OPTIONS sip:a@b SIP/2.0\r\n" + string.Concat(Enumerable.Repeat("X: 1\r\n", 400)));
        new SipStreamFramer(new SipLimits { MessageBytes = 1000 }).Next(bytes, out _, out var failure).ShouldBe(SipFrame.Broken);
        failure.ShouldBe(SipParseFailure.MessageTooLarge);
    }

    private static List<SipFrame> Frames(byte[] stream)
    {
        var framer = new SipStreamFramer(new SipLimits());
        var frames = new List<SipFrame>();
        var rest = stream.AsSpan();
        SipFrame frame;
        do
        {
            frame = framer.Next(rest, out var length, out _);
            frames.Add(frame);
            rest = rest[length..];
        }
        while (frame is not (SipFrame.Incomplete or SipFrame.Broken));
        return frames;
    }

    private static byte[] Message(string name, string body) =>
        Encoding.UTF8.GetBytes($"OPTIONS sip:{name}@host SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nl : {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
