using System.Buffers.Binary;

namespace Postbell.Media.Rtp;

/// <summary>What a receiver says about one stream (RFC 3550, 6.4.1).</summary>
/// <param name="Ssrc">The stream it is about.</param>
/// <param name="FractionLost">Loss since the report before, in 1/256.</param>
/// <param name="TotalLost">Packets lost since the beginning; negative when duplicates exceed the losses.</param>
/// <param name="HighestSequence">Highest sequence number received, with the count of its wraps above.</param>
/// <param name="Jitter">Jitter in timestamp units.</param>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time of the last sender report received; 0 for none.</param>
/// <param name="DelaySinceLast">Time since then, in 1/65536 s.</param>
public readonly record struct RtcpReportBlock(
    uint Ssrc, byte FractionLost, int TotalLost, uint HighestSequence, uint Jitter, uint LastSenderReport, uint DelaySinceLast)
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 24;

    /// <summary>Reads a block from at least <see cref="Bytes"/> bytes.</summary>
    public static RtcpReportBlock Read(ReadOnlySpan<byte> bytes)
    {
        var lost = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        return new RtcpReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            (byte)(lost >> 24),
            (int)(lost << 8) >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
    }

    /// <summary>Writes the block, <see cref="Bytes"/> bytes.</summary>
    public void Write(Span<byte> target)
    {
        var lost = Math.Clamp(TotalLost, -0x800000, 0x7FFFFF);
        BinaryPrimitives.WriteUInt32BigEndian(target, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], ((uint)FractionLost << 24) | ((uint)lost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(target[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(target[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(target[20..], DelaySinceLast);
    }
}
