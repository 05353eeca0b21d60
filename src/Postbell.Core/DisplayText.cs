using System.Globalization;
using System.Text;

namespace Postbell.Core;

/// <summary>
/// Text that a stranger chose (caller name, user agent, display name of a header) made fit for a person to see: no control or format
/// characters, no line breaks, no direction overrides, bounded in length. It is still untrusted: HTML, headers and file names quote it themselves.
/// </summary>
public static class DisplayText
{
    /// <summary>Longest cleaned text by default, in characters.</summary>
    public const int DefaultLimit = 128;

    /// <summary>Returns <paramref name="text"/> without characters that do not belong in one line of visible text; runs of blanks become one.</summary>
    public static string Clean(ReadOnlySpan<char> text, int limit = DefaultLimit)
    {
        var clean = new StringBuilder(Math.Min(text.Length, limit));
        var blank = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                blank = clean.Length > 0;
                continue;
            }

            if (!IsVisible(rune))
            {
                continue;
            }

            if (clean.Length + rune.Utf16SequenceLength + (blank ? 1 : 0) > limit)
            {
                break;
            }

            if (blank)
            {
                clean.Append(' ');
                blank = false;
            }

            clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>False for characters that show nothing or change how others are shown: format characters, direction overrides, private use, unassigned.</summary>
    public static bool IsVisible(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
