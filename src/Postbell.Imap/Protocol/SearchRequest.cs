using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The arguments of SEARCH and UID SEARCH (RFC 3501 section 6.4.4, RFC 4731).</summary>
/// <param name="Return">What an extended answer holds; null asks for the plain one.</param>
/// <param name="Program">What is looked for.</param>
/// <param name="NamesCharset">True when CHARSET was given.</param>
/// <param name="Partial">For <see cref="SearchReturn.Partial"/>: which results.</param>
internal sealed record SearchRequest(SearchReturn? Return, SearchProgram Program, bool NamesCharset = false, ResultRange? Partial = null)
{
    /// <summary>True when the result is to be kept as <c>$</c>.</summary>
    public bool Saves => Return?.HasFlag(SearchReturn.Save) == true;

    /// <summary>Reads the arguments. Also when the search keys cannot be read <paramref name="request"/> says what was asked to be returned.</summary>
    public static bool TryParse(ref CommandReader reader, out SearchRequest request)
    {
        request = new SearchRequest(null, SearchProgram.All);
        if (!reader.Space() || !SearchReturnParser.TryParse(ref reader, out var options, out var partial))
        {
            return false;
        }

        request = request with { Return = options, Partial = partial };
        Encoding charset = SearchCharset.Utf8;
        var named = reader.TakeWord("CHARSET"u8);
        if (named && !(reader.Space() && SearchCharset.TryParse(ref reader, out charset) && reader.Space()))
        {
            return false;
        }

        if (!SearchProgram.TryParse(ref reader, charset, out var program))
        {
            return false;
        }

        if (options?.HasFlag(SearchReturn.Relevancy) == true && !program.UsesFuzzy)
        {
            return reader.Fail(ParseFailure.RelevancyAlone);
        }

        request = request with { Program = program, NamesCharset = named };
        return true;
    }
}
