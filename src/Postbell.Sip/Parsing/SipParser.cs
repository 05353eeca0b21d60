using System.Buffers;
using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Parsing;

/// <summary>
/// Bytes to message (RFC 3261 sections 7 and 25, RFC 4475 for what to forgive). It never throws on input and works within <see cref="SipLimits"/>.
/// Line breaks are CR LF and nothing else, since every other reading lets one peer hide a header from another.
/// </summary>
public static class SipParser
{
    private const int LongestMethod = 64;

    private static readonly SearchValues<byte> Control = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(b => b is not ('\t' or '\r' or '\n')).Select(b => (byte)b), 0x7F]);

    /// <summary>Reads one whole message.</summary>
    /// <param name="bytes">A datagram, or a message framed from a stream. The result does not refer to it.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="fromStream">True when the bytes came over TCP, where Content-Length is mandatory.</param>
    /// <param name="message">The message. After a failure it is what could be read of a request, so that it may be answered, or null.</param>
    /// <returns><see cref="SipParseFailure.None"/>, or the first thing that is wrong.</returns>
    public static SipParseFailure Parse(ReadOnlySpan<byte> bytes, SipLimits limits, bool fromStream, out SipMessage? message)
    {
        message = null;
        // Keep-alive line breaks before a message are skipped (RFC 3261 section 7.5).
        bytes = bytes.TrimStart("\r\n"u8);
        if (bytes.IsEmpty)
        {
            return SipParseFailure.Empty;
        }

        var tooLarge = bytes.Length > limits.MessageBytes;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var head = end < 0 ? bytes : bytes[..(end + 2)];
        var failure = ReadStartLine(ref head, limits, out var builder);
        if (builder is null)
        {
            return failure;
        }

        var headerFailure = ReadHeaders(head, limits, builder.Headers);
        failure = failure != SipParseFailure.None ? failure
            : tooLarge ? SipParseFailure.MessageTooLarge
            : headerFailure != SipParseFailure.None ? headerFailure
            : end < 0 ? SipParseFailure.HeadersUnterminated
            : SipParseFailure.None;
        message = builder.Build();
        if (failure == SipParseFailure.None)
        {
            failure = SipHeaderCheck.Check(message, limits);
        }

        if (failure == SipParseFailure.None)
        {
            failure = ReadBody(bytes[(end + 4)..], limits, fromStream, message);
        }

        return failure;
    }

    private static SipParseFailure ReadStartLine(ref ReadOnlySpan<byte> head, SipLimits limits, out MessageStart? start)
    {
        start = null;
        var lineEnd = head.IndexOf("\r\n"u8);
        if (lineEnd < 0)
        {
            return head.Length > limits.StartLineBytes ? SipParseFailure.StartLineTooLong : SipParseFailure.StartLineMalformed;
        }

        var line = head[..lineEnd];
        head = head[(lineEnd + 2)..];
        if (line.Length > limits.StartLineBytes)
        {
            return SipParseFailure.StartLineTooLong;
        }

        if (line.IndexOfAny((byte)'\r', (byte)'\n') >= 0)
        {
            return SipParseFailure.LineBreakMalformed;
        }

        return line.Length > 4 && Ascii.EqualsIgnoreCase(line[..4], "SIP/") ? ReadStatusLine(line, out start) : ReadRequestLine(line, out start);
    }

    private static SipParseFailure ReadStatusLine(ReadOnlySpan<byte> line, out MessageStart? start)
    {
        start = null;
        var blank = line.IndexOf((byte)' ');
        if (blank < 0)
        {
            return SipParseFailure.StartLineMalformed;
        }

        if (!Ascii.EqualsIgnoreCase(line[..blank], "SIP/2.0"))
        {
            return SipParseFailure.VersionUnsupported;
        }

        var rest = line[(blank + 1)..];
        // The blank before an empty phrase is often left out (RFC 4475 section 3.1.1.13 has it).
        if (rest.Length < 3 || rest[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9') || (rest.Length > 3 && rest[3] != ' '))
        {
            return SipParseFailure.StatusCodeMalformed;
        }

        var status = ((rest[0] - '0') * 100) + ((rest[1] - '0') * 10) + (rest[2] - '0');
        if (status is < 100 or > 699)
        {
            return SipParseFailure.StatusCodeMalformed;
        }

        start = new MessageStart { Status = status, Reason = rest.Length > 4 ? SipSyntax.Decode(rest[4..]) : "" };
        return SipParseFailure.None;
    }

    private static SipParseFailure ReadRequestLine(ReadOnlySpan<byte> line, out MessageStart? start)
    {
        start = null;
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0)
        {
            return SipParseFailure.StartLineMalformed;
        }

        var method = line[..first];
        if (!SipSyntax.IsToken(method) || method.Length > LongestMethod)
        {
            return SipParseFailure.MethodMalformed;
        }

        start = new MessageStart { Method = SipMethods.Canonical(method) };
        var version = line[(last + 1)..];
        if (last == first || !version.StartsWith("SIP/"u8))
        {
            return SipParseFailure.StartLineMalformed;
        }

        if (!version.SequenceEqual("SIP/2.0"u8))
        {
            return SipParseFailure.VersionUnsupported;
        }

        var target = SipSyntax.Decode(line[(first + 1)..last]);
        if (!SipUri.TryParse(target, out var uri))
        {
            return SipParseFailure.RequestUriMalformed;
        }

        start.RequestUri = uri;
        // Headers in a Request-URI are not allowed (RFC 3261 section 19.1.1), but ignoring them is harmless (RFC 4475 section 3.1.2.11).
        return SipParseFailure.None;
    }

    private static SipParseFailure ReadHeaders(ReadOnlySpan<byte> head, SipLimits limits, SipHeaders headers)
    {
        var failure = CheckBytes(head);
        var headerLength = 0;
        while (!head.IsEmpty)
        {
            var lineEnd = head.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? head : head[..lineEnd];
            head = lineEnd < 0 ? [] : head[(lineEnd + 2)..];
            var folded = line.Length > 0 && line[0] is (byte)' ' or (byte)'\t';
            headerLength = folded ? headerLength + line.Length : line.Length;
            if (headerLength > limits.HeaderBytes)
            {
                return First(failure, SipParseFailure.HeaderTooLong);
            }

            if (folded)
            {
                if (headers.Count == 0)
                {
                    return First(failure, SipParseFailure.HeaderMalformed);
                }

                headers.AppendToLast(SipSyntax.Decode(line.Trim(" \t"u8)));
                continue;
            }

            if (headers.Count >= limits.HeaderLines)
            {
                return First(failure, SipParseFailure.TooManyHeaders);
            }

            if (!TryReadHeader(line, headers))
            {
                // What follows may still name the transaction, so reading goes on and the first failure is kept.
                failure = First(failure, SipParseFailure.HeaderMalformed);
            }
        }

        return failure;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> line, SipHeaders headers)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var name = line[..colon].TrimEnd(" \t"u8);
        if (!SipSyntax.IsToken(name))
        {
            return false;
        }

        headers.AddCanonical(SipHeaderNames.Canonical(name), SipSyntax.Decode(line[(colon + 1)..].Trim(" \t"u8)));
        return true;
    }

    private static SipParseFailure CheckBytes(ReadOnlySpan<byte> head)
    {
        for (var rest = head; ;)
        {
            var found = rest.IndexOfAny(Control);
            if (found < 0)
            {
                break;
            }

            if (found == 0 || rest[found - 1] != '\\')
            {
                return SipParseFailure.ControlCharacter;
            }

            rest = rest[(found + 1)..];
        }

        for (var rest = head; ;)
        {
            var found = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (found < 0)
            {
                return SipParseFailure.None;
            }

            if (rest[found] != '\r' || found + 1 >= rest.Length || rest[found + 1] != '\n')
            {
                return SipParseFailure.LineBreakMalformed;
            }

            rest = rest[(found + 2)..];
        }
    }

    private static SipParseFailure ReadBody(ReadOnlySpan<byte> rest, SipLimits limits, bool fromStream, SipMessage message)
    {
        var text = message.Headers["Content-Length"];
        long length = rest.Length;
        if (text is null)
        {
            if (fromStream)
            {
                return SipParseFailure.ContentLengthMissing;
            }
        }
        else if (!SipSyntax.TryNumber(text, int.MaxValue, out length))
        {
            return SipParseFailure.ContentLengthMalformed;
        }

        if (length > limits.BodyBytes)
        {
            return SipParseFailure.BodyTooLarge;
        }

        if (length > rest.Length)
        {
            return SipParseFailure.BodyTruncated;
        }

        // Octets behind the body of a datagram are dropped (RFC 3261 section 18.3).
        message.Body = length == 0 ? default : rest[..(int)length].ToArray();
        return SipParseFailure.None;
    }

    private static SipParseFailure First(SipParseFailure earlier, SipParseFailure later) => earlier != SipParseFailure.None ? earlier : later;

    
    private sealed class MessageStart
    {
        private static readonly SipUri NoUri = SipUri.Create(null, "invalid");

        public string? Method { get; init; }

        public SipUri? RequestUri { get; set; }

        public int Status { get; init; }

        public string Reason { get; init; } = "";

        public SipHeaders Headers { get; } = new();

        public SipMessage Build() =>
            Method is null ? new SipResponse(Status, Reason, Headers) : new SipRequest(Method, RequestUri ?? NoUri, Headers);
    }
}
