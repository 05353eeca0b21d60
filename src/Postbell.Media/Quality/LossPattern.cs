namespace Postbell.Media.Quality;

/// <summary>How the losses of a stream lay.</summary>
/// <param name="Received">Packets that came in time.</param>
/// <param name="Lost">Packets that did not.</param>
/// <param name="Runs">Losses, each one or more packets in a row.</param>
/// <param name="Bursts">Stretches with many losses.</param>
/// <param name="BurstLost">Packets lost in them.</param>
/// <param name="BurstLength">Packets they lasted, the received ones included.</param>
public readonly record struct LossPattern(long Received, long Lost, long Runs, long Bursts, long BurstLost, long BurstLength)
{
    /// <summary>Part of all packets that was lost, 0 to 1.</summary>
    public double LossRatio => Ratio(Lost, Received + Lost);

    /// <summary>Part of the packets lost within bursts.</summary>
    public double BurstDensity => Ratio(BurstLost, BurstLength);

    /// <summary>Part of the packets lost outside of them.</summary>
    public double GapDensity => Ratio(Lost - BurstLost, Received + Lost - BurstLength);

    /// <summary>Mean length of the losses over that of random losses of the same number, 1 or more (BurstR of ITU-T G.107).</summary>
    public double BurstRatio => Runs == 0 ? 1 : Math.Max(1, (double)Lost / Runs * (1 - LossRatio));

    /// <summary>Mean length of a burst in packets.</summary>
    public double MeanBurst => Bursts == 0 ? 0 : (double)BurstLength / Bursts;

    /// <summary>Mean length of the stretches between bursts in packets.</summary>
    public double MeanGap => (double)(Received + Lost - BurstLength) / (Bursts + 1);

    private static double Ratio(long part, long whole) => whole <= 0 ? 0 : Math.Clamp((double)part / whole, 0, 1);
}
