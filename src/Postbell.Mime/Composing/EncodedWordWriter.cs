using System.Text;

namespace Postbell.Mime.Composing;

/// <summary>Makes encoded words (RFC 2047): UTF-8, Q while most of it stays readable, else B, never more than 75 characters, never a character cut in two.</summary>
internal static class EncodedWordWriter
{
    /// <summary>Longest encoded word.</summary>
    public const int MaxLength = 75;

    private const int Frame = 12; // =?utf-8?B?...?=

    /// <summary>The first encoded word of <paramref name="text"/> that fits, and how many characters of the text it holds (at least one rune).</summary>
    public static (string Word, int Length) Next(ReadOnlySpan<char> text, int limit)
    {
        var room = limit - Frame;
        var taken = 0;
        var bytes = 0;
        var quoted = 0;
        Span<byte> encoded = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(encoded);
            var quotedCount = 0;
            foreach (var b in encoded[..count])
            {
                quotedCount += IsPlain(b) ? 1 : 3;
            }

            var fitsBase64 = (bytes + count + 2) / 3 * 4 <= room;
            var fitsQuoted = quoted + quotedCount <= room;
            if (taken > 0 && !fitsBase64 && !fitsQuoted)
            {
                break;
            }

            bytes += count;
            quoted += quotedCount;
            taken += rune.Utf16SequenceLength;
        }

        var part = Encoding.UTF8.GetBytes(text[..Math.Min(taken, text.Length)].ToString());
        var readable = quoted <= room && quoted <= bytes * 2;
        var word = readable || (bytes + 2) / 3 * 4 > room ? "=?utf-8?Q?" + Quoted(part) + "?=" : "=?utf-8?B?" + Convert.ToBase64String(part) + "?=";
        return (word, taken);
    }

    // The set that is safe in phrases too (RFC 2047 section 5 rule 3).
    private static bool IsPlain(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'!' or (byte)'*' or (byte)'+' or (byte)'-' or (byte)'/' or (byte)' ';

    private static string Quoted(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            text.Append(b == ' ' ? "_" : IsPlain(b) ? ((char)b).ToString() : $"={b:X2}");
        }

        return text.ToString();
    }
}
