namespace Postbell.Mime.Decoding;

/// <summary>
/// Decodes base64 (RFC 2045 section 6.8) from one piece to the next: it keeps the group of four characters a piece ended within. Characters outside the
/// alphabet are passed over, padding ends a group.
/// </summary>
internal struct Base64Group
{
    private int _bits;
    private int _count;

    /// <summary>Most octets that so many characters give.</summary>
    public static int MaxOctets(int characters) => ((characters / 4) + 2) * 3;

    /// <summary>Decodes a piece into <paramref name="output"/>; returns the octets written.</summary>
    public int Decode(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var length = 0;
        foreach (var c in text)
        {
            var value = Value(c);
            if (value >= 0)
            {
                _bits = (_bits << 6) | value;
                if (++_count == 4)
                {
                    output[length++] = (byte)(_bits >> 16);
                    output[length++] = (byte)(_bits >> 8);
                    output[length++] = (byte)_bits;
                    (_bits, _count) = (0, 0);
                }
            }
            else if (c == '=' && _count > 0)
            {
                length += End(output[length..]);
            }
        }

        return length;
    }

    /// <summary>Ends a group that has no more characters; returns the octets it gave.</summary>
    public int End(Span<byte> output)
    {
        var (bits, count) = (_bits, _count);
        (_bits, _count) = (0, 0);
        switch (count)
        {
            case 2:
                output[0] = (byte)(bits >> 4);
                return 1;
            case 3:
                output[0] = (byte)(bits >> 10);
                output[1] = (byte)(bits >> 2);
                return 2;
            default:
                return 0;
        }
    }

    private static int Value(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
