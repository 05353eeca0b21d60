using System.Buffers;
using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>Mailbox names between the wire (modified UTF-7, RFC 3501 section 5.1.3) and the store (plain text).</summary>
internal static class MailboxName
{
    public const string Inbox = "INBOX";

    /// <summary>The hierarchy separator.</summary>
    public const char Separator = '/';

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>INBOX and the first level INBOX/... mean the same in any case.</summary>
    public static string WithInboxInCapitals(string name) =>
        name.StartsWith(Inbox, StringComparison.OrdinalIgnoreCase) && (name.Length == Inbox.Length || name[Inbox.Length] == Separator)
            ? Inbox + name[Inbox.Length..]
            : name;

    /// <summary>Decodes a name from the wire. Raw UTF-8 is taken as it is; control characters and broken UTF-7 are refused.</summary>
    /// <param name="wire">The bytes as they came.</param>
    /// <param name="utf8">True when nothing is shifted: <c>&amp;</c> means itself (RFC 6855 section 3).</param>
    /// <param name="name">The name.</param>
    public static bool TryDecode(ReadOnlySpan<byte> wire, bool utf8, out string name)
    {
        name = "";
        if (wire.ContainsAnyInRange((byte)0, (byte)0x1f) || wire.Contains((byte)0x7f))
        {
            return false;
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(wire);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        if (utf8 || !text.Contains('&', StringComparison.Ordinal))
        {
            name = text;
        }
        else if (!TryDecodeShifts(text, out name))
        {
            return false;
        }

        // Net-Unicode has no line and paragraph separators (RFC 5198, RFC 9051 section 5.1).
        return !name.AsSpan().ContainsAny('\u2028', '\u2029');
    }

    /// <summary>Encodes a name for the wire: printable ASCII as it is, <c>&amp;</c> as <c>&amp;-</c>, the rest in shifted base64.</summary>
    public static string Encode(string name)
    {
        if (!name.AsSpan().ContainsAnyExceptInRange(' ', '~') && !name.Contains('&', StringComparison.Ordinal))
        {
            return name;
        }

        var wire = new StringBuilder();
        for (var i = 0; i < name.Length;)
        {
            if (name[i] is >= ' ' and <= '~')
            {
                wire.Append(name[i] == '&' ? "&-" : name[i].ToString());
                i++;
                continue;
            }

            var end = i;
            while (end < name.Length && (name[end] < ' ' || name[end] > '~'))
            {
                end++;
            }

            AppendShifted(wire, name.AsSpan(i, end - i));
            i = end;
        }

        return wire.ToString();
    }

    private static bool TryDecodeShifts(string text, out string name)
    {
        var plain = new StringBuilder(text.Length);
        name = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '&')
            {
                plain.Append(text[i]);
                continue;
            }

            var end = text.IndexOf('-', i);
            if (end < 0 || !TryAppendUnshifted(plain, text.AsSpan((i + 1)..end)))
            {
                return false;
            }

            i = end;
        }

        name = plain.ToString();
        return true;
    }

    private static bool TryAppendUnshifted(StringBuilder plain, ReadOnlySpan<char> shifted)
    {
        if (shifted.IsEmpty)
        {
            plain.Append('&');
            return true;
        }

        var start = plain.Length;
        var bits = 0;
        var count = 0;
        foreach (var c in shifted)
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 6) | value;
            count += 6;
            if (count >= 16)
            {
                count -= 16;
                plain.Append((char)((bits >> count) & 0xffff));
                bits &= (1 << count) - 1;
            }
        }

        return count < 6 && bits == 0 && IsWholeText(plain.ToString(start, plain.Length - start));
    }

    /// <summary>No half surrogate, and nothing that has to be written as itself or that no name may have.</summary>
    private static bool IsWholeText(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done || rune.Value < 0x20 || rune.Value == 0x7f)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    private static void AppendShifted(StringBuilder wire, ReadOnlySpan<char> text)
    {
        wire.Append('&');
        var bits = 0;
        var count = 0;
        foreach (var c in text)
        {
            bits = (bits << 16) | c;
            count += 16;
            while (count >= 6)
            {
                count -= 6;
                wire.Append(Alphabet[(bits >> count) & 0x3f]);
            }

            bits &= (1 << count) - 1;
        }

        if (count > 0)
        {
            wire.Append(Alphabet[(bits << (6 - count)) & 0x3f]);
        }

        wire.Append('-');
    }
}
