using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Parsing;

/// <summary>What a stream holds next.</summary>
internal enum SipFrame
{
    /// <summary>Not enough bytes yet.</summary>
    Incomplete,

    /// <summary>CR LF CR LF: a keep-alive that wants CR LF back (RFC 5626 section 3.5.1).</summary>
    Ping,

    /// <summary>A single CR LF: the answer to a keep-alive, or padding before a message.</summary>
    Pong,

    /// <summary>One whole message.</summary>
    Message,

    /// <summary>Bytes without a way to find the next message; the connection has to go.</summary>
    Broken,
}

/// <summary>Finds the messages in a TCP byte stream by Content-Length (RFC 3261 section 18.3). One per connection.</summary>
internal sealed class SipStreamFramer(SipLimits limits)
{
    // Bytes of the unfinished message known to hold no end of headers, so that a slow peer does not make us search them again and again.
    private int _searched;

    /// <summary>Looks at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Everything received and not yet consumed.</param>
    /// <param name="length">Bytes the frame takes from the front; after <see cref="SipFrame.Broken"/> the part that may be parsed for an answer.</param>
    /// <param name="failure">Why it is broken.</param>
    public SipFrame Next(ReadOnlySpan<byte> buffer, out int length, out SipParseFailure failure)
    {
        length = 0;
        failure = SipParseFailure.None;
        if (buffer.IsEmpty)
        {
            return SipFrame.Incomplete;
        }

        if (buffer[0] is (byte)'\r' or (byte)'\n')
        {
            return LineBreaks(buffer, out length, out failure);
        }

        var from = Math.Max(0, _searched - 3);
        var found = buffer[from..].IndexOf("\r\n\r\n"u8);
        if (found < 0)
        {
            _searched = buffer.Length;
            return buffer.Length > limits.MessageBytes ? Break(buffer, SipParseFailure.MessageTooLarge, out length, out failure) : SipFrame.Incomplete;
        }

        var headEnd = from + found + 4;
        var bodyFailure = BodyLength(buffer[..headEnd], out var bodyLength);
        if (bodyFailure != SipParseFailure.None)
        {
            return Break(buffer[..headEnd], bodyFailure, out length, out failure);
        }

        if (bodyLength > limits.BodyBytes || headEnd + bodyLength > limits.MessageBytes)
        {
            return Break(buffer[..headEnd], SipParseFailure.MessageTooLarge, out length, out failure);
        }

        if (buffer.Length < headEnd + bodyLength)
        {
            _searched = Math.Max(0, headEnd - 1);
            return SipFrame.Incomplete;
        }

        _searched = 0;
        length = headEnd + (int)bodyLength;
        return SipFrame.Message;
    }

    private static SipFrame LineBreaks(ReadOnlySpan<byte> buffer, out int length, out SipParseFailure failure)
    {
        length = 0;
        failure = SipParseFailure.None;
        if (buffer.StartsWith("\r\n\r\n"u8))
        {
            length = 4;
            return SipFrame.Ping;
        }

        if ("\r\n\r\n"u8.StartsWith(buffer))
        {
            // A lone CR LF is consumed only when something else follows: two more bytes would make it a keep-alive.
            return SipFrame.Incomplete;
        }

        if (buffer.StartsWith("\r\n"u8))
        {
            length = 2;
            return SipFrame.Pong;
        }

        failure = SipParseFailure.LineBreakMalformed;
        return SipFrame.Broken;
    }

    private static SipFrame Break(ReadOnlySpan<byte> readable, SipParseFailure why, out int length, out SipParseFailure failure)
    {
        length = readable.Length;
        failure = why;
        return SipFrame.Broken;
    }

    private static SipParseFailure BodyLength(ReadOnlySpan<byte> head, out long length)
    {
        length = -1;
        while (!head.IsEmpty)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = head[..end];
            head = head[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || !ReferenceEquals(SipHeaderNames.Canonical(line[..colon].TrimEnd(" \t"u8)), SipHeaderNames.Canonical("Content-Length")))
            {
                continue;
            }

            var text = Encoding.Latin1.GetString(line[(colon + 1)..].Trim(" \t"u8));
            // Two lengths, or one continued on the next line, are how a second message is smuggled in.
            var folded = !head.IsEmpty && head[0] is (byte)' ' or (byte)'\t';
            if (length >= 0 || folded || !SipSyntax.TryNumber(text, int.MaxValue, out length))
            {
                return SipParseFailure.ContentLengthMalformed;
            }
        }

        return length < 0 ? SipParseFailure.ContentLengthMissing : SipParseFailure.None;
    }
}
