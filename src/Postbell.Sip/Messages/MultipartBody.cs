using System.Text;

namespace Postbell.Sip.Messages;

/// <summary>Finds one part of a multipart body (RFC 5621, RFC 2046 section 5.1), as gateways send that add ISUP to the session description.</summary>
internal static class MultipartBody
{
    private const int MostParts = 16;
    private const int LongestBoundary = 70;

    /// <summary>The content of the first part of this type; empty when there is none or the body is malformed.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="contentType">Content-Type of the message with its parameters.</param>
    /// <param name="wanted">Media type looked for, lower-case.</param>
    public static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> body, string contentType, string wanted)
    {
        var semicolon = contentType.IndexOf(';');
        if (semicolon < 0 || !SipParameters.TryParse(contentType.AsSpan(semicolon), out var parameters)
            || parameters["boundary"] is not { Length: > 0 and <= LongestBoundary } boundary)
        {
            return default;
        }

        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var at = AfterDelimiter(body.Span, 0, delimiter);
        for (var part = 0; part < MostParts && at >= 0; part++)
        {
            var next = AfterDelimiter(body.Span, at, delimiter);
            if (next < 0)
            {
                break;
            }

            // The line break before a delimiter belongs to the delimiter.
            var content = body[at..Math.Max(at, next - delimiter.Length - 2)];
            if (TypeOf(content.Span, out var start).Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return content[start..];
            }

            at = next;
        }

        return default;
    }

    /// <summary>Index behind the next delimiter that begins a line, or -1.</summary>
    private static int AfterDelimiter(ReadOnlySpan<byte> body, int from, ReadOnlySpan<byte> delimiter)
    {
        for (var at = from; at <= body.Length - delimiter.Length; at++)
        {
            var found = body[at..].IndexOf(delimiter);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (at == 0 || body[at - 1] == '\n')
            {
                return at + delimiter.Length;
            }
        }

        return -1;
    }

    /// <summary>Media type of a part that begins behind its delimiter, and where its content starts.</summary>
    private static string TypeOf(ReadOnlySpan<byte> part, out int start)
    {
        var end = part.IndexOf("\r\n\r\n"u8);
        start = end + 4;
        if (end < 0)
        {
            start = part.Length;
            return "";
        }

        foreach (var range in part[..end].Split("\r\n"u8))
        {
            var line = part[range];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && SipHeaderNames.Canonical(line[..colon].Trim(" \t"u8)) is "Content-Type")
            {
                var value = Encoding.Latin1.GetString(line[(colon + 1)..]);
                return value.Split(';', 2)[0].Trim();
            }
        }

        // A part without headers is text/plain (RFC 2046 section 5.1).
        return "text/plain";
    }
}
