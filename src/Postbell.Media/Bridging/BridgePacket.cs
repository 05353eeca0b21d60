using Postbell.Media.Rtp;

namespace Postbell.Media.Bridging;

/// <summary>One packet on its way from the leg that speaks to the leg that hears; its payload stands beside it in the ring.</summary>
/// <param name="Kind">What its payload type means on the leg it came from; a telephone-event is a whole press that ended.</param>
/// <param name="Stream">Changes when the speaking peer begins another stream.</param>
/// <param name="Sequence">Its RTP number.</param>
/// <param name="Timestamp">Its RTP timestamp.</param>
/// <param name="Length">Bytes of its payload.</param>
internal readonly record struct BridgePacket(PayloadKind Kind, byte Stream, ushort Sequence, uint Timestamp, int Length)
{
    /// <summary>A pause in its place.</summary>
    public BridgePacket AsPause() => this with { Kind = PayloadKind.ComfortNoise, Length = 0 };
}
