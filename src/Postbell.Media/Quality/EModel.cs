namespace Postbell.Media.Quality;

/// <summary>
/// How good people find a connection, from what was measured: the E-model of ITU-T G.107 with its default values for all that a server cannot know
/// (levels, echo, noise), so that the codec, lost packets and the delay remain.
/// </summary>
public static class EModel
{
    /// <summary>Rating of a connection without any impairment: R0 - Is by the default values of G.107.</summary>
    public const double BestRating = 93.2;

    /// <summary>Delay in milliseconds from which on people begin to interrupt each other.</summary>
    private const double TalkOver = 177.3;

    /// <summary>The best opinion score: what <see cref="BestRating"/> gives.</summary>
    public static double BestScore { get; } = Score(BestRating);

    /// <summary>The transmission rating factor R, 0 to 93.2.</summary>
    /// <param name="codec">How the codec sounds and how well it bears losses.</param>
    /// <param name="lossRatio">Part of the packets that could not be used, 0 to 1.</param>
    /// <param name="burstRatio">Mean length of the losses over that of random losses (G.107 section 7.3); 1 when they are random.</param>
    /// <param name="delay">One way from mouth to ear; zero for listening only.</param>
    public static double Rating(CodecImpairment codec, double lossRatio, double burstRatio, TimeSpan delay)
    {
        var percent = Math.Clamp(lossRatio, 0, 1) * 100;
        var impairment = codec.Equipment + ((95 - codec.Equipment) * percent / ((percent / Math.Max(burstRatio, 1)) + codec.Robustness));
        return Math.Clamp(BestRating - DelayImpairment(delay.TotalMilliseconds) - impairment, 0, BestRating);
    }

    /// <summary>The mean opinion score of a rating, 1 to 4.5 (G.107 annex B).</summary>
    public static double Score(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6)),
    };

    /// <summary>Id of an echo-free connection, in the straight-line form of its curve that is in common use.</summary>
    private static double DelayImpairment(double ms) => (0.024 * Math.Max(ms, 0)) + (ms > TalkOver ? 0.11 * (ms - TalkOver) : 0);
}
