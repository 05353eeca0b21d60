using System.Text;

namespace Postbell.Core.Resolution;

/// <summary>Host names in their two forms: text, and labels on the wire (RFC 1035 sections 3.1 and 4.1.4).</summary>
internal static class DnsName
{
    private const int LongestLabel = 63;
    private const int LongestText = 253;
    private const int PointerBits = 0xC0;

    /// <summary>Lower-case without the last dot; null for what is no host name. Underscores are good: services have them.</summary>
    public static string? Normalize(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length is > 0 and <= LongestText && name.Split('.').All(IsLabel) ? name.ToLowerInvariant() : null;
    }

    /// <summary>Writes a normalized name as labels.</summary>
    /// <returns>Bytes written, at most 255.</returns>
    public static int Write(string name, Span<byte> to)
    {
        var at = 0;
        foreach (var label in name.Split('.'))
        {
            to[at] = (byte)label.Length;
            at += 1 + Encoding.ASCII.GetBytes(label, to[(at + 1)..]);
        }

        to[at] = 0;
        return at + 1;
    }

    /// <summary>
    /// Reads a name at <paramref name="at"/> and moves behind it. Each pointer must lead to before the place it was found at, so no message can send the
    /// reader in a circle.
    /// </summary>
    public static DnsParseFailure Read(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        Span<char> text = stackalloc char[LongestText + 1];
        var length = 0;
        var position = at;
        var limit = at;
        var jumped = false;
        while (true)
        {
            if (position >= message.Length)
            {
                return DnsParseFailure.CutShort;
            }

            int size = message[position];
            if (size == 0)
            {
                at = jumped ? at : position + 1;
                name = text[..Math.Max(0, length - 1)].ToString();
                return DnsParseFailure.None;
            }

            if ((size & PointerBits) == PointerBits)
            {
                if (position + 1 >= message.Length)
                {
                    return DnsParseFailure.CutShort;
                }

                var target = ((size & ~PointerBits) << 8) | message[position + 1];
                if (target >= limit)
                {
                    return DnsParseFailure.BadPointer;
                }

                at = jumped ? at : position + 2;
                jumped = true;
                limit = target;
                position = target;
                continue;
            }

            var failure = ReadLabel(message, position, text, ref length);
            if (failure != DnsParseFailure.None)
            {
                return failure;
            }

            position += size + 1;
        }
    }

    private static DnsParseFailure ReadLabel(ReadOnlySpan<byte> message, int position, Span<char> text, ref int length)
    {
        int size = message[position];
        if (size > LongestLabel)
        {
            return DnsParseFailure.BadLabel;
        }

        if (position + 1 + size > message.Length)
        {
            return DnsParseFailure.CutShort;
        }

        if (length + size + 1 > text.Length)
        {
            return DnsParseFailure.LongName;
        }

        foreach (var octet in message.Slice(position + 1, size))
        {
            var letter = (char)octet;
            if (!IsNameCharacter(letter))
            {
                return DnsParseFailure.BadLabel;
            }

            text[length++] = char.ToLowerInvariant(letter);
        }

        text[length++] = '.';
        return DnsParseFailure.None;
    }

    private static bool IsLabel(string label) => label.Length is > 0 and <= LongestLabel && label.All(IsNameCharacter);

    private static bool IsNameCharacter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
