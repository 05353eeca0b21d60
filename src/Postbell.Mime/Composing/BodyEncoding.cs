using System.Buffers;
using System.Buffers.Text;

namespace Postbell.Mime.Composing;

/// <summary>Transfer encodings for bodies (RFC 2045 section 6).</summary>
internal static class BodyEncoding
{
    public const string SevenBit = "7bit";
    public const string QuotedPrintable = "quoted-printable";
    public const string Base64 = "base64";

    private const int LineLength = 76;
    private const int Base64LineBytes = LineLength / 4 * 3;
    private const int MaxPlainLine = 78;

    /// <summary>The plainest encoding that carries the text: 7bit needs short ASCII lines without <c>=_</c>, base64 wins where QP would triple most of it.</summary>
    public static string Choose(ReadOnlySpan<byte> text)
    {
        var special = 0;
        foreach (var b in text)
        {
            special += b is (>= 0x20 and < 0x7f) or (byte)'\t' or (byte)'\r' or (byte)'\n' ? 0 : 1;
        }

        if (special == 0 && text.IndexOf("=_"u8) < 0 && LongestLine(text) <= MaxPlainLine)
        {
            return SevenBit;
        }

        return special * 4 > text.Length ? Base64 : QuotedPrintable;
    }

    /// <summary>Writes a body in an encoding from <see cref="Choose"/>.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> body, string encoding)
    {
        switch (encoding)
        {
            case SevenBit:
                output.Write(body);
                break;
            case QuotedPrintable:
                WriteQuotedPrintable(output, body);
                break;
            default:
                WriteBase64(output, body);
                break;
        }
    }

    private static int LongestLine(ReadOnlySpan<byte> text)
    {
        var longest = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            longest = Math.Max(longest, range.End.Value - range.Start.Value);
        }

        return longest;
    }

    private static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var count = Math.Min(Base64LineBytes, body.Length);
            var line = output.GetSpan(LineLength + 2);
            System.Buffers.Text.Base64.EncodeToUtf8(body[..count], line, out _, out var written);
            body = body[count..];
            if (!body.IsEmpty)
            {
                line[written++] = (byte)'\r';
                line[written++] = (byte)'\n';
            }

            output.Advance(written);
        }
    }

    private static void WriteQuotedPrintable(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        var column = 0;
        for (var i = 0; i < body.Length; i++)
        {
            var b = body[i];
            if (b == '\r' && i + 1 < body.Length && body[i + 1] == '\n')
            {
                output.Write("\r\n"u8);
                column = 0;
                i++;
                continue;
            }

            var atLineEnd = i + 1 == body.Length || (body[i + 1] == '\r' && i + 2 < body.Length && body[i + 2] == '\n');
            var plain = b is (>= 0x21 and < 0x7f and not (byte)'=') || (b is (byte)' ' or (byte)'\t' && !atLineEnd);
            var width = plain ? 1 : 3;
            // One column stays free for the sign of a soft line break.
            if (column + width > (atLineEnd ? LineLength : LineLength - 1))
            {
                output.Write("=\r\n"u8);
                column = 0;
            }

            var span = output.GetSpan(3);
            if (plain)
            {
                span[0] = b;
            }
            else
            {
                span[0] = (byte)'=';
                span[1] = Hex(b >> 4);
                span[2] = Hex(b & 15);
            }

            output.Advance(width);
            column += width;
        }
    }

    private static byte Hex(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}
