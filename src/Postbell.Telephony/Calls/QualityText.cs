using System.Globalization;
using System.Text;
using Postbell.Media.Quality;

namespace Postbell.Telephony.Calls;

/// <summary>The quality of a call in one line for people.</summary>
public static class QualityText
{
    /// <summary>Below this score a message may be hard to understand: what Exchange called average or worse.</summary>
    public const double Poor = 3.5;

    /// <summary>For instance <c>MOS 3.42, loss 6.0 % in 3 bursts of 120 ms, jitter 2.1 ms (at most 9.0), Pcma</c>.</summary>
    public static string Of(MediaQuality quality)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"MOS {quality.Mos:0.00}, loss {quality.LossRatio * 100:0.0} %");
        if (quality.Losses.Bursts > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" in {quality.Losses.Bursts} bursts of {quality.BurstDuration.TotalMilliseconds:0} ms");
        }

        text.Append(CultureInfo.InvariantCulture, $", jitter {quality.MeanJitter.TotalMilliseconds:0.0} ms (at most {quality.MaxJitter.TotalMilliseconds:0.0})");
        if (quality.RoundTrip is { } roundTrip)
        {
            text.Append(CultureInfo.InvariantCulture, $", round trip {roundTrip.TotalMilliseconds:0} ms");
        }

        if (quality.PeerMos is { } peer)
        {
            text.Append(CultureInfo.InvariantCulture, $", at the peer MOS {peer:0.00}");
        }

        if (quality.PeerMetrics is { BurstDensity: > 0 } metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $" with bursts of {metrics.BurstMs} ms");
        }

        return text.Append(CultureInfo.InvariantCulture, $", {quality.Codec}").ToString();
    }
}
