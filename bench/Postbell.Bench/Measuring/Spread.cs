namespace Postbell.Bench.Measuring;

/// <summary>Percentiles of many measured times, in milliseconds.</summary>
internal sealed class Spread
{
    private readonly List<double> _values = [];
    private bool _sorted;

    public int Count => _values.Count;

    public void Add(double milliseconds)
    {
        _values.Add(milliseconds);
        _sorted = false;
    }

    public double? At(double share)
    {
        if (_values.Count == 0)
        {
            return null;
        }

        if (!_sorted)
        {
            _values.Sort();
            _sorted = true;
        }

        return _values[Math.Min(_values.Count - 1, (int)(share * _values.Count))];
    }

    public object Report() => new { count = Count, p50 = At(0.5), p90 = At(0.9), p99 = At(0.99), max = At(1) };
}
