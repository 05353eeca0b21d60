using System.Numerics;

namespace Postbell.Media.Engine;

/// <summary>How late ticks began, in buckets of a quarter octave of microseconds. Written by one thread, read by any.</summary>
internal sealed class LatenessHistogram
{
    private const int StepsPerOctave = 4;

    private readonly long[] _buckets = new long[32 * StepsPerOctave];
    private long _count;
    private long _maxNs;

    public long Count => Volatile.Read(ref _count);

    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref _maxNs) / 1000.0);

    public void Add(long lateNs)
    {
        var microseconds = (uint)Math.Clamp(lateNs / 1000, 1, int.MaxValue);
        var octave = BitOperations.Log2(microseconds);
        var step = octave < 2 ? 0 : (int)((microseconds >> (octave - 2)) & 3);
        _buckets[(octave * StepsPerOctave) + step]++;
        _maxNs = Math.Max(_maxNs, lateNs);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Upper edge of the bucket that holds the given share of all, over several histograms.</summary>
    public static TimeSpan Percentile(IReadOnlyList<LatenessHistogram> histograms, double share)
    {
        var total = histograms.Sum(h => h.Count);
        var seen = 0L;
        for (var i = 0; total > 0 && i < 32 * StepsPerOctave; i++)
        {
            seen += histograms.Sum(h => Volatile.Read(ref h._buckets[i]));
            if (seen >= total * share)
            {
                return TimeSpan.FromMicroseconds(Math.Pow(2, i / StepsPerOctave) * (1 + (((i % StepsPerOctave) + 1) / (double)StepsPerOctave)));
            }
        }

        return TimeSpan.Zero;
    }
}
