using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>By what messages are sorted (RFC 5256 section 3, RFC 5957).</summary>
internal enum SortField
{
    Arrival,
    Cc,
    Date,
    DisplayFrom,
    DisplayTo,
    From,

    /// <summary>How well a message meets FUZZY (RFC 6203), the best first.</summary>
    Relevancy,
    Size,
    Subject,
    To,
}

/// <summary>One sort key; the largest first when reversed.</summary>
internal readonly record struct SortKey(SortField Field, bool Reverse);

/// <summary>The arguments of SORT and UID SORT (RFC 5256 section 3, RFC 5267 section 3).</summary>
/// <param name="Return">What an extended answer holds; null asks for the plain one.</param>
/// <param name="Keys">Keys, the first counts most.</param>
/// <param name="Program">What is looked for.</param>
/// <param name="Partial">For <see cref="SearchReturn.Partial"/>: which results.</param>
internal sealed record SortRequest(SearchReturn? Return, IReadOnlyList<SortKey> Keys, SearchProgram Program, ResultRange? Partial)
{
    /// <summary>Each field once in each direction: more cannot change the order.</summary>
    private const int MaxKeys = 20;

    /// <summary>True when it must be known how well each message meets the program.</summary>
    public bool WantsRelevancy => Return?.HasFlag(SearchReturn.Relevancy) == true || Keys.Any(static k => k.Field == SortField.Relevancy);

    public static bool TryParse(ref CommandReader reader, out SortRequest request)
    {
        request = null!;
        if (!reader.Space() || !SearchReturnParser.TryParse(ref reader, out var options, out var partial)
            || !TryKeys(ref reader, out var keys) || !reader.Space()
            || !SearchCharset.TryParse(ref reader, out var charset) || !reader.Space()
            || !SearchProgram.TryParse(ref reader, charset, out var program))
        {
            return false;
        }

        request = new SortRequest(options, keys, program, partial);
        return !request.WantsRelevancy || program.UsesFuzzy || reader.Fail(ParseFailure.RelevancyAlone);
    }

    private static bool TryKeys(ref CommandReader reader, out List<SortKey> keys)
    {
        keys = [];
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        do
        {
            var reverse = reader.TakeWord("REVERSE"u8);
            if ((reverse && !reader.Space()) || !TryField(ref reader, out var field))
            {
                return false;
            }

            if (keys.Count == MaxKeys)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            keys.Add(new SortKey(field, reverse));
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryField(ref CommandReader reader, out SortField field)
    {
        field = default;
        if (!reader.ItemName(out var word))
        {
            return reader.Fail(ParseFailure.SortKeyUnknown);
        }

        SortField? known = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
        {
            "ARRIVAL" => SortField.Arrival,
            "CC" => SortField.Cc,
            "DATE" => SortField.Date,
            "DISPLAYFROM" => SortField.DisplayFrom,
            "DISPLAYTO" => SortField.DisplayTo,
            "FROM" => SortField.From,
            "RELEVANCY" => SortField.Relevancy,
            "SIZE" => SortField.Size,
            "SUBJECT" => SortField.Subject,
            "TO" => SortField.To,
            _ => null,
        };
        field = known.GetValueOrDefault();
        return known is not null || reader.Fail(ParseFailure.SortKeyUnknown);
    }
}
