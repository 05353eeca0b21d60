namespace Postbell.Media.Quality;

/// <summary>
/// How good people find a connection, from what was measured: the E-model of ITU-T G.107 (narrow band) and G.107.1 (wide band) with its default values for
/// all that a server cannot know (levels, echo, noise), so that the codec, lost packets and the delay remain. Scores of the two bands are not to be
/// compared: each is what people say who are used to that band.
/// </summary>
public static class EModel
{
    /// <summary>Rating of a narrow connection without any impairment: R0 - Is by the default values of G.107.</summary>
    public const double BestRating = 93.2;

    /// <summary>Rating of a wide connection without any impairment (G.107.1, 6.2).</summary>
    public const double BestWideRating = 129;

    /// <summary>Delay in milliseconds from which on people begin to interrupt each other.</summary>
    private const double TalkOver = 177.3;

    /// <summary>The transmission rating factor R, 0 to 93.2 or, of a wide codec, to 129.</summary>
    /// <param name="codec">How the codec sounds and how well it bears losses.</param>
    /// <param name="lossRatio">Part of the packets that could not be used, 0 to 1.</param>
    /// <param name="burstRatio">Mean length of the losses over that of random losses (G.107 section 7.3; taken for the wide band too); 1 when they are random.</param>
    /// <param name="delay">One way from mouth to ear; zero for listening only.</param>
    public static double Rating(CodecImpairment codec, double lossRatio, double burstRatio, TimeSpan delay)
    {
        var percent = Math.Clamp(lossRatio, 0, 1) * 100;
        var impairment = codec.Equipment + ((95 - codec.Equipment) * percent / ((percent / Math.Max(burstRatio, 1)) + codec.Robustness));
        var best = codec.IsWide ? BestWideRating : BestRating;
        return Math.Clamp(best - DelayImpairment(delay.TotalMilliseconds) - impairment, 0, best);
    }

    /// <summary>The mean opinion score of such a connection, 1 to 4.5.</summary>
    public static double Score(CodecImpairment codec, double lossRatio, double burstRatio, TimeSpan delay)
    {
        var rating = Rating(codec, lossRatio, burstRatio, delay);
        return codec.IsWide ? WideScore(rating) : Score(rating);
    }

    /// <summary>The best opinion score that a codec gives: nothing lost, no delay.</summary>
    public static double BestScore(CodecImpairment codec) => Score(codec, 0, 1, TimeSpan.Zero);

    /// <summary>The mean opinion score of a narrow rating, 1 to 4.5 (G.107 annex B).</summary>
    public static double Score(double rating) => rating switch
    {
        <= 0 => 1,
        >= 100 => 4.5,
        _ => Math.Max(1, 1 + (0.035 * rating) + (rating * (rating - 60) * (100 - rating) * 7e-6)),
    };

    /// <summary>The mean opinion score of a wide rating, 1 to 4.5 (G.107.1 annex A).</summary>
    public static double WideScore(double rating) => Score(rating / (BestWideRating / 100));

    /// <summary>Id of an echo-free connection, in the straight-line form of its curve that is in common use.</summary>
    private static double DelayImpairment(double ms) => (0.024 * Math.Max(ms, 0)) + (ms > TalkOver ? 0.11 * (ms - TalkOver) : 0);
}
