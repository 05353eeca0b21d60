using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Postbell.Sip.Parsing;

/// <summary>Character classes and small readers of the grammar in RFC 3261 section 25.</summary>
internal static class SipSyntax
{
    private const string TokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~";

    private static readonly SearchValues<char> Token = SearchValues.Create(TokenCharacters);
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(Encoding.ASCII.GetBytes(TokenCharacters));
    private static readonly SearchValues<char> Word = SearchValues.Create(TokenCharacters + "()<>:\\\"/[]?{}");
    private static readonly SearchValues<char> HostName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenBytes);

    /// <summary>callid = word [ "@" word ].</summary>
    public static bool IsCallId(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at < 0 ? IsWord(text) : IsWord(text[..at]) && IsWord(text[(at + 1)..]);
    }

    public static bool IsHostName(ReadOnlySpan<char> text) => !text.IsEmpty && text.Length <= 255 && !text.ContainsAnyExcept(HostName);

    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Digits to a number; false for anything else and above <paramref name="highest"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, long highest, out long value)
    {
        value = 0;
        if (!IsDigits(text))
        {
            return false;
        }

        foreach (var digit in text)
        {
            value = (value * 10) + (digit - '0');
            if (value > highest)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Bytes to text and back without loss: UTF-8, and every byte that is not UTF-8 becomes a lone low surrogate U+DC80 to U+DCFF, so that a
    /// response repeats the peer's header exactly as it came.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(0xDC00 + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The content of a quoted string without its quotes: backslash escapes resolved.</summary>
    public static string Unquote(ReadOnlySpan<char> inner)
    {
        if (!inner.Contains('\\'))
        {
            return inner.ToString();
        }

        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length)
            {
                i++;
            }

            text.Append(inner[i]);
        }

        return text.ToString();
    }

    /// <summary>Text as a quoted string.</summary>
    public static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    /// <summary>Index of the quote that closes the one at index 0, or -1.</summary>
    public static int EndOfQuoted(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Resolves %HH escapes (the bytes are read as UTF-8); false when a percent sign is not followed by two hexadecimal digits.</summary>
    public static bool TryUnescape(ReadOnlySpan<char> text, out string plain)
    {
        if (!text.Contains('%'))
        {
            plain = text.ToString();
            return true;
        }

        plain = "";
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        while (!text.IsEmpty)
        {
            if (text[0] != '%')
            {
                var run = text.IndexOf('%');
                run = run < 0 ? text.Length : run;
                length += Encoding.UTF8.GetBytes(text[..run], bytes.AsSpan(length));
                text = text[run..];
                continue;
            }

            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            {
                return false;
            }

            bytes[length++] = (byte)((Hex(text[1]) << 4) | Hex(text[2]));
            text = text[3..];
        }

        plain = Decode(bytes.AsSpan(0, length));
        return true;
    }

    private static bool IsWord(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(Word);

    private static int Hex(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
