namespace Postbell.Media.Jitter;

/// <summary>
/// Measures how much longer than the fastest of late packets take, and from that the delay at which nearly all are in time. It grows with the first
/// packet that is later than that, and shrinks slowly; single ones that are late again and again are waited for as well (<see cref="LatePeaks"/>). The fastest is looked for in the last few seconds only, so that clocks that run apart do not
/// matter. Times are in ticks of 1/8000 s.
/// </summary>
internal sealed class DelayEstimator
{
    private const int BucketTicks = 40;
    private const int Buckets = 100;
    private const float Quantile = 0.99f;

    // 10 s at 50 packets a second.
    private const float Forget = 0.998f;

    // 2 s at 50 packets a second; two such windows are looked at.
    private const int WindowPackets = 100;

    // A packet every 20 ms: the target falls by 12 ms a second at most.
    private const int FallTicks = 2;

    private readonly float[] _histogram = new float[Buckets];
    private readonly LatePeaks _peaks = new();
    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _initial;
    private long _minimum;
    private long _minimumBefore;
    private int _inWindow;
    private bool _any;

    public DelayEstimator(JitterOptions options)
    {
        _longest = Math.Clamp(Ticks(options.Longest), 0, (Buckets - 1) * BucketTicks);
        _shortest = Math.Clamp(Ticks(options.Shortest), 0, _longest);
        _initial = Math.Clamp(Ticks(options.Initial), _shortest, _longest);
        Target = _initial;
    }

    /// <summary>Delay behind the fastest packets at which to play.</summary>
    public int Target { get; private set; }

    /// <summary>Greatest delay allowed.</summary>
    public int Longest => _longest;

    /// <summary>Time at which the fastest packet of position 0 would have come; valid once one was measured.</summary>
    public long Origin => Math.Min(_minimum, _minimumBefore);

    /// <summary>Begins anew, with what was learned about the jitter.</summary>
    public void Restart() => _any = false;

    /// <summary>How far a packet lies from where it should; what is more than a second or two is another timeline.</summary>
    public long Deviation(long position, long arrival) => _any ? arrival - position - Origin : 0;

    /// <summary>Measures a packet.</summary>
    public void Observe(long position, long arrival)
    {
        var transit = arrival - position;
        if (!_any)
        {
            _any = true;
            _minimum = _minimumBefore = transit;
            _inWindow = 0;
        }

        _minimum = Math.Min(_minimum, transit);
        if (++_inWindow == WindowPackets)
        {
            _minimumBefore = _minimum;
            _minimum = transit;
            _inWindow = 0;
        }

        var late = (int)Math.Clamp(transit - Origin, 0, _longest);
        for (var i = 0; i < Buckets; i++)
        {
            _histogram[i] *= Forget;
        }

        _histogram[late / BucketTicks] += 1 - Forget;
        var wanted = Math.Max(Wanted(), _shortest);
        _peaks.Observe(late, wanted, arrival);
        Target = late > Target ? late : Math.Max(Target - FallTicks, Math.Max(wanted, _peaks.Floor(arrival)));
    }

    private static int Ticks(TimeSpan time) => (int)(time.TotalMilliseconds * 8);

    /// <summary>The upper end of the bucket that the quantile lies in.</summary>
    private int Wanted()
    {
        var total = 0f;
        foreach (var share in _histogram)
        {
            total += share;
        }

        var beyond = total * (1 - Quantile);
        var bucket = Buckets - 1;
        for (; bucket > 0 && beyond >= _histogram[bucket]; bucket--)
        {
            beyond -= _histogram[bucket];
        }

        return Math.Min((bucket + 1) * BucketTicks, _longest);
    }
}
