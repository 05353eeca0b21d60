using System.Globalization;
using System.Text;
using Postbell.Mailbox;

namespace Postbell.Imap.Protocol;

/// <summary>Numbers as ordered ranges that neither touch nor overlap.</summary>
internal sealed class NumberRanges
{
    private readonly (uint From, uint To)[] _ranges;

    private NumberRanges((uint From, uint To)[] ranges) => _ranges = ranges;

    public IReadOnlyList<(uint From, uint To)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    public static NumberRanges Of(List<(uint From, uint To)> ranges)
    {
        ranges.Sort();
        var merged = new List<(uint From, uint To)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.From <= (ulong)merged[^1].To + 1)
            {
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, range.To));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new NumberRanges([.. merged]);
    }

    public static NumberRanges Of(IEnumerable<uint> numbers) => Of([.. numbers.Select(n => (n, n))]);

    /// <summary>As the store wants them.</summary>
    public IReadOnlyList<UidRange> ToUids() => [.. _ranges.Select(static r => new UidRange(r.From, r.To))];

    public bool Contains(uint number)
    {
        var low = 0;
        var high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (number < _ranges[middle].From)
            {
                high = middle - 1;
            }
            else if (number > _ranges[middle].To)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As IMAP writes it: <c>1:3,5</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (from, to) in _ranges)
        {
            text.Append(text.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{from}");
            if (to != from)
            {
                text.Append(CultureInfo.InvariantCulture, $":{to}");
            }
        }

        return text.ToString();
    }
}
