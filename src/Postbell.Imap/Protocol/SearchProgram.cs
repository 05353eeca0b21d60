using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The search keys SEARCH, SORT and THREAD end with.</summary>
/// <param name="Key">All of them.</param>
/// <param name="UsesModSeq">True when MODSEQ is among them: the answer tells the highest MODSEQ then (RFC 7162 section 3.1.5).</param>
/// <param name="UsesFuzzy">True when FUZZY is among them: what is found has a relevancy then (RFC 6203).</param>
internal sealed record SearchProgram(SearchKey Key, bool UsesModSeq, bool UsesFuzzy = false)
{
    /// <summary>Every message.</summary>
    public static SearchProgram All { get; } = new(new SearchKey.All(), UsesModSeq: false);

    /// <summary>Reads keys up to the end of the command.</summary>
    public static bool TryParse(ref CommandReader reader, Encoding charset, out SearchProgram program)
    {
        program = All;
        var parser = new SearchKeyParser(charset);
        if (!parser.TryKeys(ref reader, depth: 0, out var key) || !reader.End())
        {
            return false;
        }

        program = new SearchProgram(key, parser.MetModSeq, parser.MetFuzzy);
        return true;
    }
}

/// <summary>The character sets search texts may be in.</summary>
internal static class SearchCharset
{
    /// <summary>UTF-8 that refuses what is none.</summary>
    public static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryParse(ref CommandReader reader, out Encoding charset)
    {
        charset = Utf8;
        if (!reader.AString(out var name))
        {
            return false;
        }

        switch (Encoding.Latin1.GetString(name).ToUpperInvariant())
        {
            case "UTF-8":
            case "US-ASCII":
                return true;
            case "ISO-8859-1":
                charset = Encoding.Latin1;
                return true;
            default:
                return reader.Fail(ParseFailure.CharsetUnknown);
        }
    }
}
