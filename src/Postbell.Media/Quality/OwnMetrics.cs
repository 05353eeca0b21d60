using Postbell.Core;
using Postbell.Media.Rtp;

namespace Postbell.Media.Quality;

/// <summary>How we hear the peer, in the form of an extended report.</summary>
internal static class OwnMetrics
{
    // A standard concealment; the buffer of reordering does not adapt.
    private const byte Receiver = 0b1110_0000;

    /// <summary>Longest time a packet waits for those before it.</summary>
    private const ushort LongestWaitMs = 100;

    /// <summary>Measures the stream of the peer.</summary>
    /// <param name="receiver">What came of it.</param>
    /// <param name="codec">How it is coded.</param>
    /// <param name="packetMs">Milliseconds in a packet.</param>
    /// <param name="roundTrip">The last round trip; null when not known.</param>
    public static VoipMetrics Of(RtpReceiver receiver, VoiceCodec codec, int packetMs, TimeSpan? roundTrip)
    {
        var losses = receiver.Losses.Pattern();
        var impairment = CodecImpairment.Of(codec);
        var late = Math.Min(receiver.Late, losses.Lost) / (double)Math.Max(1, losses.Received + losses.Lost);
        var delay = ((roundTrip ?? TimeSpan.Zero) / 2) + TimeSpan.FromMilliseconds(packetMs) + (receiver.MeanJitter * 2);
        var rating = EModel.Rating(impairment, losses.LossRatio, losses.BurstRatio, delay);
        return new VoipMetrics
        {
            Source = receiver.Ssrc,
            LossRate = Part(losses.LossRatio - late),
            DiscardRate = Part(late),
            BurstDensity = Part(losses.BurstDensity),
            GapDensity = Part(losses.GapDensity),
            BurstMs = Milliseconds(losses.MeanBurst * packetMs),
            GapMs = Milliseconds(losses.MeanGap * packetMs),
            RoundTripMs = Milliseconds(roundTrip?.TotalMilliseconds ?? 0),
            EndSystemMs = Milliseconds(packetMs + (receiver.MeanJitter.TotalMilliseconds * 2)),
            GapMinimum = VoipMetrics.OwnGapMinimum,
            Rating = (byte)Math.Round(impairment.IsWide ? rating / (EModel.BestWideRating / 100) : rating),
            ListeningScore = Tenfold(EModel.Score(impairment, losses.LossRatio, losses.BurstRatio, TimeSpan.Zero)),
            ConversationScore = Tenfold(EModel.Score(impairment, losses.LossRatio, losses.BurstRatio, delay)),
            Receiver = Receiver,
            JitterBuffer = (0, LongestWaitMs),
        };
    }

    private static byte Part(double ratio) => (byte)Math.Clamp(ratio * 256, 0, byte.MaxValue);

    private static ushort Milliseconds(double ms) => (ushort)Math.Clamp(ms, 0, ushort.MaxValue);

    private static byte Tenfold(double score) => (byte)Math.Round(score * 10);
}
