using System.Globalization;

namespace Postbell.Imap.Protocol;

/// <summary>Which results are wanted of very many (RFC 9394): <c>1:100</c> from the front, <c>-1:-100</c> from the back.</summary>
/// <param name="From">The first place the client named, from 1.</param>
/// <param name="To">The other place, from 1.</param>
/// <param name="FromEnd">True when places count from the back.</param>
internal readonly record struct ResultRange(uint From, uint To, bool FromEnd)
{
    /// <summary>Reads a range; both places must count from the same side.</summary>
    public static bool TryParse(ref CommandReader reader, out ResultRange range)
    {
        range = default;
        var fromEnd = reader.TakeIf((byte)'-');
        if (!reader.NonZeroNumber(out var from) || !reader.Expect((byte)':', ParseFailure.PartialInvalid)
            || (fromEnd && !reader.Expect((byte)'-', ParseFailure.PartialInvalid)) || !reader.NonZeroNumber(out var to))
        {
            return false;
        }

        range = new ResultRange(from, to, fromEnd);
        return true;
    }

    /// <summary>The results meant, in their order; none where there are not so many.</summary>
    public List<T> Of<T>(List<T> results)
    {
        long first = Math.Min(From, To) - 1;
        long behind = Math.Max(From, To);
        var (start, end) = FromEnd ? (results.Count - behind, results.Count - first) : (first, behind);
        start = Math.Clamp(start, 0, results.Count);
        return results.GetRange((int)start, (int)(Math.Clamp(end, start, results.Count) - start));
    }

    /// <summary>As the client wrote it.</summary>
    public override string ToString() =>
        FromEnd ? string.Create(CultureInfo.InvariantCulture, $"-{From}:-{To}") : string.Create(CultureInfo.InvariantCulture, $"{From}:{To}");
}
