using Postbell.Core;
using Postbell.Media.Rtp;

namespace Postbell.Media.Quality;

/// <summary>How one call sounded: what we measured of the peer's audio, what the peer reported of ours, and the opinion scores that follow.</summary>
public sealed record MediaQuality
{
    /// <summary>Codec of the call; null before media was agreed.</summary>
    public required VoiceCodec? Codec { get; init; }

    /// <summary>How the losses lay.</summary>
    public required LossPattern Losses { get; init; }

    /// <summary>Packets that never came.</summary>
    public required long NetworkLost { get; init; }

    /// <summary>Packets that came too late to be used.</summary>
    public required long Late { get; init; }

    /// <summary>Milliseconds of audio in a packet.</summary>
    public required int PacketMs { get; init; }

    /// <summary>Mean jitter of the call.</summary>
    public required TimeSpan MeanJitter { get; init; }

    /// <summary>Largest jitter of the call.</summary>
    public required TimeSpan MaxJitter { get; init; }

    /// <summary>Round trip by the peer's reports; null before the first.</summary>
    public required TimeSpan? RoundTrip { get; init; }

    /// <summary>Part of our packets that the peer lost; null before its first report.</summary>
    public required double? PeerLossRatio { get; init; }

    /// <summary>Jitter of our packets as the peer sees it; null before its first report.</summary>
    public required TimeSpan? PeerJitter { get; init; }

    /// <summary>How the peer hears us by its last extended report (RFC 3611), bursts included; null when it sends none.</summary>
    public VoipMetrics? PeerMetrics { get; init; }

    /// <summary>True once there is enough of the peer's audio to judge it: 50 packets, a second as a rule.</summary>
    public bool IsKnown => Codec is not null && Losses.Received + Losses.Lost >= 50;

    /// <summary>Part of the peer's packets that could not be used, 0 to 1; that much was concealed or silent.</summary>
    public double LossRatio => Losses.LossRatio;

    /// <summary>Rating R for listening, 0 to 93.2, or to 129 with a codec of the wide band.</summary>
    public double Rating => EModel.Rating(Impairment, LossRatio, Losses.BurstRatio, TimeSpan.Zero);

    /// <summary>Opinion score of listening to the peer, 1 to <see cref="BestMos"/>.</summary>
    public double Mos => EModel.Score(Impairment, LossRatio, Losses.BurstRatio, TimeSpan.Zero);

    /// <summary>Opinion score that the codec gives when nothing is lost: 4.41 for G.711, 4.34 for G.722, 4.48 for Opus, each on the scale of its band.</summary>
    public double BestMos => EModel.BestScore(Impairment);

    /// <summary>Opinion score of talking with the peer, the delay included.</summary>
    public double ConversationalMos => EModel.Score(Impairment, LossRatio, Losses.BurstRatio, Delay);

    /// <summary>Opinion score of what the peer hears of us; null before its first report.</summary>
    public double? PeerMos => PeerUnusedRatio is { } unused ? EModel.Score(Impairment, unused, 1, TimeSpan.Zero) : null;

    /// <summary>What packets that never came took from the best score.</summary>
    public double LossDegradation => BestMos - EModel.Score(Impairment, NetworkRatio, Losses.BurstRatio, TimeSpan.Zero);

    /// <summary>What packets that came too late took from it.</summary>
    public double JitterDegradation => Math.Max(0, BestMos - Mos - LossDegradation);

    /// <summary>Mean duration of bursts of losses.</summary>
    public TimeSpan BurstDuration => TimeSpan.FromMilliseconds(Losses.MeanBurst * PacketMs);

    /// <summary>Mean duration between them.</summary>
    public TimeSpan GapDuration => TimeSpan.FromMilliseconds(Losses.MeanGap * PacketMs);

    /// <summary>What the peer could not use of ours: also what came too late for it, when it says so.</summary>
    private double? PeerUnusedRatio => PeerMetrics is { } metrics ? Math.Min(1, (metrics.LossRate + metrics.DiscardRate) / 256.0) : PeerLossRatio;

    private CodecImpairment Impairment => CodecImpairment.Of(Codec ?? VoiceCodec.Pcmu);

    private double NetworkRatio => NetworkLost <= 0 ? 0 : Math.Min(LossRatio, NetworkLost / (double)(Losses.Received + Math.Max(Losses.Lost, NetworkLost)));

    /// <summary>Half the round trip, a packet, and twice the jitter for the buffer that takes it out.</summary>
    private TimeSpan Delay => ((RoundTrip ?? TimeSpan.Zero) / 2) + TimeSpan.FromMilliseconds(PacketMs) + (MeanJitter * 2);
}
