namespace Postbell.Imap.Session;

/// <summary>How strictly the text of a FUZZY key (RFC 6203) is taken.</summary>
internal enum Looseness
{
    /// <summary>By the start of each word, in any order: other endings are found too.</summary>
    Beginnings,

    /// <summary>By each word, in any order.</summary>
    Words,

    /// <summary>As it is written.</summary>
    Exact,
}

/// <summary>Takes the text of a FUZZY key apart.</summary>
internal static class FuzzyWords
{
    /// <summary>Words looked for; those behind them tell messages apart no better.</summary>
    private const int MaxWords = 20;

    /// <summary>What must stand in the text, each anywhere.</summary>
    public static IReadOnlyList<string> Of(string text, Looseness looseness)
    {
        if (looseness == Looseness.Exact)
        {
            return [text];
        }

        var words = new List<string>();
        for (var at = 0; at < text.Length && words.Count < MaxWords;)
        {
            var end = at;
            while (end < text.Length && IsPartOfWord(text[end]))
            {
                end++;
            }

            if (end > at)
            {
                words.Add(looseness == Looseness.Words ? text[at..end] : Beginning(text[at..end]));
            }

            at = end + 1;
        }

        return words.Count > 0 ? words : [text];
    }

    /// <summary>Two letters at the end of a long word say how it is bent, one of a shorter; of a short word each letter counts.</summary>
    private static string Beginning(string word)
    {
        var kept = word.Length >= 7 ? word.Length - 2 : word.Length >= 5 ? word.Length - 1 : word.Length;
        return char.IsHighSurrogate(word[kept - 1]) ? word : word[..kept];
    }

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark;
}
