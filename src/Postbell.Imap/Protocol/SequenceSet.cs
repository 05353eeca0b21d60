using System.Globalization;
using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>A set of message numbers or UIDs as a client wrote it: <c>1,3:5,7:*</c> (RFC 3501 sequence-set).</summary>
internal sealed class SequenceSet
{
    /// <summary>Stands for <c>*</c>, the largest number in use; zero is no number a client may send.</summary>
    public const uint Star = 0;

    private readonly (uint From, uint To)[] _ranges;

    /// <summary><c>$</c>: what the last SEARCH saved (RFC 5182). Only the session knows what it holds.</summary>
    public static SequenceSet Saved { get; } = new([]);

    public SequenceSet(IEnumerable<(uint From, uint To)> ranges) => _ranges = [.. ranges];

    public IReadOnlyList<(uint From, uint To)> Ranges => _ranges;

    /// <summary>The largest number named outright, zero when only <c>*</c> is.</summary>
    public uint Largest => _ranges.Length == 0 ? 0 : _ranges.Max(r => Math.Max(r.From, r.To));

    /// <summary>True when <c>*</c> stands in the set.</summary>
    public bool HasStar => Array.Exists(_ranges, r => r.From == Star || r.To == Star);

    /// <summary>
    /// Puts the largest number in use for <c>*</c>, orders each range and the set, and joins what touches.
    /// <c>559:*</c> with a largest number of 500 holds 500, as RFC 3501 says.
    /// </summary>
    public NumberRanges Resolve(uint largest)
    {
        var ranges = new List<(uint From, uint To)>(_ranges.Length);
        foreach (var (from, to) in _ranges)
        {
            var a = from == Star ? largest : from;
            var b = to == Star ? largest : to;
            if (a != 0 && b != 0)
            {
                ranges.Add((Math.Min(a, b), Math.Max(a, b)));
            }
        }

        return NumberRanges.Of(ranges);
    }

    /// <summary>True for <see cref="Saved"/>.</summary>
    public bool IsSaved => ReferenceEquals(this, Saved);

    public override string ToString()
    {
        if (IsSaved)
        {
            return "$";
        }

        var text = new StringBuilder();
        foreach (var (from, to) in _ranges)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Name(from));
            if (to != from)
            {
                text.Append(':').Append(Name(to));
            }
        }

        return text.ToString();
    }

    private static string Name(uint number) => number == Star ? "*" : number.ToString(CultureInfo.InvariantCulture);
}
