namespace Postbell.Telephony.Calls;

/// <summary>Counts values by size. Any thread.</summary>
public sealed class ValueHistogram
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    /// <summary>An empty histogram.</summary>
    /// <param name="bounds">Upper bounds of the classes, ascending; values above the last have a class of their own.</param>
    public ValueHistogram(params double[] bounds) => (_bounds, _counts) = (bounds, new long[bounds.Length + 1]);

    /// <summary>Upper bounds of the classes.</summary>
    public IReadOnlyList<double> Bounds => _bounds;

    /// <summary>Counts a value.</summary>
    public void Add(double value)
    {
        var at = Array.FindIndex(_bounds, bound => value <= bound);
        lock (_gate)
        {
            _counts[at < 0 ? _bounds.Length : at]++;
            _sum += value;
        }
    }

    /// <summary>Values of each class, not cumulated, and the sum of all.</summary>
    public (IReadOnlyList<long> Counts, double Sum) Read()
    {
        lock (_gate)
        {
            return ([.. _counts], _sum);
        }
    }
}
