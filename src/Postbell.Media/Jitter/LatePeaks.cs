namespace Postbell.Media.Jitter;

/// <summary>
/// Single packets that come much later than the others, again and again: rarer than what a quantile sees, but each of them a hole that is heard. Once three
/// came within twenty seconds they are waited for, until twenty seconds pass with fewer. Times are in ticks of 1/8000 s.
/// </summary>
internal sealed class LatePeaks
{
    private const int Known = 3;
    private const long Memory = 160_000;

    // 40 ms later than what is waited for anyhow.
    private const int LeastHeight = 320;

    // A stall lets many packets come late: it is one.
    private const int LeastDistance = 1600;

    private readonly (long At, int Late)[] _peaks = new (long, int)[16];
    private int _count;

    /// <summary>Looks at a packet.</summary>
    /// <param name="late">How much later than the fastest it came.</param>
    /// <param name="wanted">What is waited for without regard to single ones.</param>
    /// <param name="now">When it came.</param>
    public void Observe(int late, int wanted, long now)
    {
        if (late < wanted + LeastHeight)
        {
            return;
        }

        ref var last = ref _peaks[(_count + _peaks.Length - 1) % _peaks.Length];
        if (_count > 0 && now - last.At < LeastDistance)
        {
            last.Late = Math.Max(last.Late, late);
            return;
        }

        _peaks[_count % _peaks.Length] = (now, late);
        _count = _count + 1 < _peaks.Length * 2 ? _count + 1 : _count + 1 - _peaks.Length;
    }

    /// <summary>The delay at which they are in time; 0 while there are none worth it.</summary>
    public int Floor(long now)
    {
        var (found, latest) = (0, 0);
        for (var i = 0; i < Math.Min(_count, _peaks.Length); i++)
        {
            if (now - _peaks[i].At <= Memory)
            {
                found++;
                latest = Math.Max(latest, _peaks[i].Late);
            }
        }

        return found >= Known ? latest : 0;
    }
}
