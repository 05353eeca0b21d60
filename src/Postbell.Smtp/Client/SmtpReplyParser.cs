using System.Text;

namespace Postbell.Smtp.Client;

/// <summary>Reads replies of a server (RFC 5321 section 4.2.1): bounded, and it never throws whatever the server sent.</summary>
public static class SmtpReplyParser
{
    /// <summary>Longest line in bytes with its CRLF. RFC 5321 allows 512; servers were seen to say more.</summary>
    public const int MaxLine = 2048;

    /// <summary>Most lines of one reply.</summary>
    public const int MaxLines = 100;

    private const int CodeLength = 3;

    /// <summary>Reads the reply at the front of <paramref name="input"/>.</summary>
    /// <param name="input">What came so far.</param>
    /// <param name="reply">The reply when it is complete, else null.</param>
    /// <param name="consumed">Bytes of it; 0 when it is not complete.</param>
    public static SmtpReplyStatus Read(ReadOnlySpan<byte> input, out SmtpReply? reply, out int consumed)
    {
        (reply, consumed) = (null, 0);
        var lines = new List<string>();
        var code = 0;
        for (var at = 0; ;)
        {
            var status = ReadLine(input[at..], out var length, out var lineCode, out var isLast, out var text);
            if (status != SmtpReplyStatus.Complete)
            {
                return status;
            }

            if (lines.Count == MaxLines)
            {
                return SmtpReplyStatus.TooManyLines;
            }

            if (lines.Count > 0 && lineCode != code)
            {
                return SmtpReplyStatus.CodesDiffer;
            }

            code = lineCode;
            lines.Add(text);
            at += length;
            if (isLast)
            {
                (reply, consumed) = (new SmtpReply(code, lines), at);
                return SmtpReplyStatus.Complete;
            }
        }
    }

    private static SmtpReplyStatus ReadLine(ReadOnlySpan<byte> input, out int length, out int code, out bool isLast, out string text)
    {
        (length, code, isLast, text) = (0, 0, false, "");
        var head = input[..Math.Min(input.Length, MaxLine)];
        var end = head.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0 || (head[end] == '\r' && end + 1 == input.Length))
        {
            return input.Length >= MaxLine ? SmtpReplyStatus.LineTooLong : SmtpReplyStatus.Incomplete;
        }

        if (head[end] == '\n' || input[end + 1] != '\n')
        {
            return SmtpReplyStatus.BareLineEnd;
        }

        var line = head[..end];
        if (line.Length < CodeLength || line[0] is < (byte)'2' or > (byte)'5' || !char.IsAsciiDigit((char)line[1]) || !char.IsAsciiDigit((char)line[2]))
        {
            return SmtpReplyStatus.NoCode;
        }

        if (line.Length > CodeLength && line[CodeLength] is not ((byte)' ' or (byte)'-'))
        {
            return SmtpReplyStatus.NoSeparator;
        }

        length = end + 2;
        code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0';
        isLast = line.Length == CodeLength || line[CodeLength] == ' ';
        text = line.Length > CodeLength ? Encoding.UTF8.GetString(line[(CodeLength + 1)..]) : "";
        return SmtpReplyStatus.Complete;
    }
}
