using Postbell.Core;
using Postbell.Media.Quality;

namespace Postbell.Server.Http;

/// <summary>How a call sounds: opinion scores and what they come from. Absent values are not known.</summary>
internal sealed record QualityRow(
    VoiceCodec? Codec, double Mos, double ConversationalMos, double MosDegradation, double MosDegradationLoss, double MosDegradationJitter, double LossPercent,
    long Lost, long Late, double ConcealedPercent, double BurstDensityPercent, double GapDensityPercent, double BurstMs, double GapMs, double JitterMs, double MaxJitterMs,
    double? RoundTripMs, double? PeerMos, double? PeerLossPercent, double? PeerJitterMs, double? PeerDiscardPercent, double? PeerBurstDensityPercent,
    double? PeerGapDensityPercent, double? PeerBurstMs, double? PeerGapMs, double MosBest)
{
    /// <summary>Null while too little was heard to judge it.</summary>
    public static QualityRow? Of(MediaQuality quality) => !quality.IsKnown ? null : new QualityRow(
        quality.Codec, Round(quality.Mos), Round(quality.ConversationalMos), Round(quality.BestMos - quality.Mos), Round(quality.LossDegradation),
        Round(quality.JitterDegradation), Percent(quality.LossRatio), quality.NetworkLost, quality.Late, Percent(quality.LossRatio), Percent(quality.Losses.BurstDensity),
        Percent(quality.Losses.GapDensity), Round(quality.BurstDuration.TotalMilliseconds), Round(quality.GapDuration.TotalMilliseconds),
        Round(quality.MeanJitter.TotalMilliseconds), Round(quality.MaxJitter.TotalMilliseconds), Round(quality.RoundTrip?.TotalMilliseconds), Round(quality.PeerMos),
        quality.PeerLossRatio is { } loss ? Percent(loss) : null, Round(quality.PeerJitter?.TotalMilliseconds),
        Percent(quality.PeerMetrics?.DiscardRate), Percent(quality.PeerMetrics?.BurstDensity), Percent(quality.PeerMetrics?.GapDensity),
        quality.PeerMetrics?.BurstMs, quality.PeerMetrics?.GapMs, Round(quality.BestMos));

    private static double Round(double value) => Math.Round(value, 2);

    private static double? Round(double? value) => value is { } known ? Math.Round(known, 2) : null;

    private static double? Percent(byte? of256) => of256 is { } part ? Percent(part / 256.0) : null;

    private static double Percent(double ratio) => Math.Round(ratio * 100, 2);
}
