using Postbell.Media.Quality;

namespace Postbell.Telephony.Calls;

/// <summary>How the calls that ended sounded. Any thread.</summary>
public sealed class QualityStatistics
{
    /// <summary>Opinion scores of listening to callers.</summary>
    public ValueHistogram Mos { get; } = new(1.5, 2, 2.5, 3, 3.5, 3.8, 4, 4.2, 4.3, 4.4, 4.5);

    /// <summary>Parts of callers' packets that could not be used.</summary>
    public ValueHistogram LossRatio { get; } = new(0, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5);

    /// <summary>Mean jitter of calls in seconds.</summary>
    public ValueHistogram Jitter { get; } = new(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2);

    /// <summary>Round trips in seconds, of calls whose peer reports.</summary>
    public ValueHistogram RoundTrip { get; } = new(0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1);

    /// <summary>Counts a call.</summary>
    public void Add(MediaQuality quality)
    {
        Mos.Add(quality.Mos);
        LossRatio.Add(quality.LossRatio);
        Jitter.Add(quality.MeanJitter.TotalSeconds);
        if (quality.RoundTrip is { } roundTrip)
        {
            RoundTrip.Add(roundTrip.TotalSeconds);
        }
    }
}
