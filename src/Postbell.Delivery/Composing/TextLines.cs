using System.Globalization;
using System.Text;
using Postbell.Core;

namespace Postbell.Delivery.Composing;

/// <summary>
/// The lines of a text that a stranger sent, fit to be shown: what cannot be seen is left out, but for what joins letters and pictures; blanks stay as they
/// are. They are quoted where they are put.
/// </summary>
internal static class TextLines
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The lines, without empty ones at the ends; none for null.</summary>
    public static IReadOnlyList<string> Of(string? text)
    {
        var lines = new List<string>();
        foreach (var line in (text ?? "").ReplaceLineEndings("\n").Split('\n'))
        {
            var clean = Clean(line);
            if (lines.Count > 0 || clean.Length > 0)
            {
                lines.Add(clean);
            }
        }

        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static string Clean(string line)
    {
        var clean = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                clean.Append(' ');
            }
            else if (rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner || (DisplayText.IsVisible(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().TrimEnd();
    }
}
