namespace Postbell.Mime.Decoding;

/// <summary>Undoes a Content-Transfer-Encoding (RFC 2045 section 6). Damaged input gives as much as can be read.</summary>
public static class TransferDecoder
{
    /// <summary>Decodes a body; an unknown encoding is returned as it is.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> body, string encoding) => encoding.ToLowerInvariant() switch
    {
        "base64" => Base64(body),
        "quoted-printable" => QuotedPrintable(body),
        _ => body.ToArray(),
    };

    /// <summary>Decodes base64; characters outside the alphabet are passed over (RFC 2045 section 6.8), padding ends a group.</summary>
    public static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var group = default(Base64Group);
        var output = new byte[Base64Group.MaxOctets(text.Length)];
        var length = group.Decode(text, output);
        Array.Resize(ref output, length + group.End(output.AsSpan(length)));
        return output;
    }

    /// <summary>Decodes quoted-printable; a sign that encodes nothing stays as it is.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var output = new byte[text.Length];
        var length = 0;
        while (!text.IsEmpty)
        {
            var feed = text.IndexOf((byte)'\n');
            var line = feed < 0 ? text : text[..feed];
            text = feed < 0 ? [] : text[(feed + 1)..];
            var carriage = feed >= 0 && line.EndsWith("\r"u8);
            // Blanks at the end of a line were added on the way.
            line = (carriage ? line[..^1] : line).TrimEnd(" \t"u8);
            var soft = line.EndsWith("="u8);
            length += DecodeHexSigns(soft ? line[..^1] : line, output.AsSpan(length), (byte)'=');
            if (!soft && feed >= 0)
            {
                if (carriage)
                {
                    output[length++] = (byte)'\r';
                }

                output[length++] = (byte)'\n';
            }
        }

        Array.Resize(ref output, length);
        return output;
    }

    /// <summary>Replaces each sign followed by two hexadecimal digits by the byte they mean; returns the bytes written.</summary>
    internal static int DecodeHexSigns(ReadOnlySpan<byte> text, Span<byte> output, byte sign)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == sign && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                output[length++] = (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]));
                i += 2;
            }
            else
            {
                output[length++] = text[i];
            }
        }

        return length;
    }

    private static int HexValue(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
