using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What an extended SEARCH or SORT gives back (RFC 4731 section 3.1, RFC 5182 section 2, RFC 5267 section 3).</summary>
[Flags]
internal enum SearchReturn
{
    None = 0,
    Min = 1,
    Max = 2,
    All = 4,
    Count = 8,
    Save = 16,

    /// <summary>How well each message meets a search with FUZZY (RFC 6203).</summary>
    Relevancy = 32,

    /// <summary>Some of very many results (RFC 9394).</summary>
    Partial = 64,
}

/// <summary>Reads <c>RETURN (MIN COUNT)</c>.</summary>
internal static class SearchReturnParser
{
    /// <summary>The options and the space behind them; null where there is no RETURN. An empty list means ALL.</summary>
    public static bool TryParse(ref CommandReader reader, out SearchReturn? options, out ResultRange? partial)
    {
        options = null;
        partial = null;
        if (!reader.TakeWord("RETURN"u8))
        {
            return true;
        }

        if (!reader.Space() || !reader.Expect((byte)'(', ParseFailure.ListExpected) || !TryNames(ref reader, out var names, ref partial) || !reader.Space())
        {
            return false;
        }

        options = names == SearchReturn.None ? SearchReturn.All : names;
        return true;
    }

    private static bool TryNames(ref CommandReader reader, out SearchReturn options, ref ResultRange? partial)
    {
        options = SearchReturn.None;
        if (reader.TakeIf((byte)')'))
        {
            return true;
        }

        do
        {
            if (!reader.ItemName(out var word))
            {
                return reader.Fail(ParseFailure.SearchReturnUnknown);
            }

            var option = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
            {
                "MIN" => SearchReturn.Min,
                "MAX" => SearchReturn.Max,
                "ALL" => SearchReturn.All,
                "COUNT" => SearchReturn.Count,
                "SAVE" => SearchReturn.Save,
                "RELEVANCY" => SearchReturn.Relevancy,
                "PARTIAL" => SearchReturn.Partial,
                _ => SearchReturn.None,
            };
            if (option == SearchReturn.None)
            {
                return reader.Fail(ParseFailure.SearchReturnUnknown);
            }

            if (option == SearchReturn.Partial)
            {
                // One range only, and not beside all of them (RFC 9394 section 3.1).
                if (partial is not null)
                {
                    return reader.Fail(ParseFailure.PartialInvalid);
                }

                if (!reader.Space() || !ResultRange.TryParse(ref reader, out var range))
                {
                    return false;
                }

                partial = range;
            }

            options |= option;
        }
        while (reader.TakeIf((byte)' '));
        return (partial is null || !options.HasFlag(SearchReturn.All) || reader.Fail(ParseFailure.PartialInvalid))
            && reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }
}
