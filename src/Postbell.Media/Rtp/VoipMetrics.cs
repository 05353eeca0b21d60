using System.Buffers.Binary;

namespace Postbell.Media.Rtp;

/// <summary>
/// The VoIP metrics block of an extended report (RFC 3611, 4.7): how one side hears the stream of the other, since its beginning. Rates and densities are in
/// 1/256, times in milliseconds; <see cref="Unknown"/> where a value is not known.
/// </summary>
public readonly record struct VoipMetrics
{
    /// <summary>Length of a block in bytes, with its head.</summary>
    public const int Bytes = 36;

    /// <summary>What stands for a score, rating or level that is not known.</summary>
    public const byte Unknown = 127;

    /// <summary>Received packets that end a burst, as we measure (RFC 3611, 4.7.2).</summary>
    public const byte OwnGapMinimum = 16;

    private const byte BlockType = 7;
    private const int BodyWords = 8;

    /// <summary>SSRC of the stream it is about.</summary>
    public uint Source { get; init; }

    /// <summary>Part of the packets that never came.</summary>
    public byte LossRate { get; init; }

    /// <summary>Part of the packets that came too late or too early to be used.</summary>
    public byte DiscardRate { get; init; }

    /// <summary>Part of the packets within bursts that were lost or not used.</summary>
    public byte BurstDensity { get; init; }

    /// <summary>The same between bursts.</summary>
    public byte GapDensity { get; init; }

    /// <summary>Mean length of bursts.</summary>
    public ushort BurstMs { get; init; }

    /// <summary>Mean length of what lies between them.</summary>
    public ushort GapMs { get; init; }

    /// <summary>Last round trip between the two, 0 when not known.</summary>
    public ushort RoundTripMs { get; init; }

    /// <summary>Delay within the system that reports, 0 when not known.</summary>
    public ushort EndSystemMs { get; init; }

    /// <summary>Received packets that end a burst.</summary>
    public byte GapMinimum { get; init; }

    /// <summary>Rating R, 0 to 100.</summary>
    public byte Rating { get; init; }

    /// <summary>Ten times the opinion score of listening, 10 to 50.</summary>
    public byte ListeningScore { get; init; }

    /// <summary>Ten times the opinion score of talking, 10 to 50.</summary>
    public byte ConversationScore { get; init; }

    /// <summary>Concealment and jitter buffer: 11 in the upper two bits for a standard concealment, 11 in the next two for a buffer that adapts.</summary>
    public byte Receiver { get; init; }

    /// <summary>Delay of the jitter buffer, now and at most.</summary>
    public (ushort NowMs, ushort MostMs) JitterBuffer { get; init; }

    /// <summary>Finds the block about a stream in the body of an extended report. False when there is none; blocks of other kinds are passed over.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> blocks, uint source, out VoipMetrics metrics)
    {
        while (blocks.Length >= 4)
        {
            var length = 4 + (BinaryPrimitives.ReadUInt16BigEndian(blocks[2..]) * 4);
            if (length > blocks.Length)
            {
                break;
            }

            if (blocks[0] == BlockType && length == Bytes && BinaryPrimitives.ReadUInt32BigEndian(blocks[4..]) == source)
            {
                metrics = Read(blocks);
                return true;
            }

            blocks = blocks[length..];
        }

        metrics = default;
        return false;
    }

    /// <summary>Writes the block, <see cref="Bytes"/> bytes.</summary>
    internal void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        target[0] = BlockType;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], BodyWords);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], Source);
        target[8] = LossRate;
        target[9] = DiscardRate;
        target[10] = BurstDensity;
        target[11] = GapDensity;
        BinaryPrimitives.WriteUInt16BigEndian(target[12..], BurstMs);
        BinaryPrimitives.WriteUInt16BigEndian(target[14..], GapMs);
        BinaryPrimitives.WriteUInt16BigEndian(target[16..], RoundTripMs);
        BinaryPrimitives.WriteUInt16BigEndian(target[18..], EndSystemMs);

        // Levels of signal, noise and echo are not measured; nor is anything outside of this network.
        target[20] = target[21] = target[22] = Unknown;
        target[23] = GapMinimum;
        target[24] = Rating;
        target[25] = Unknown;
        target[26] = ListeningScore;
        target[27] = ConversationScore;
        target[28] = Receiver;
        BinaryPrimitives.WriteUInt16BigEndian(target[30..], JitterBuffer.NowMs);
        BinaryPrimitives.WriteUInt16BigEndian(target[32..], JitterBuffer.MostMs);
        BinaryPrimitives.WriteUInt16BigEndian(target[34..], JitterBuffer.MostMs);
    }

    private static VoipMetrics Read(ReadOnlySpan<byte> block) => new()
    {
        Source = BinaryPrimitives.ReadUInt32BigEndian(block[4..]),
        LossRate = block[8],
        DiscardRate = block[9],
        BurstDensity = block[10],
        GapDensity = block[11],
        BurstMs = BinaryPrimitives.ReadUInt16BigEndian(block[12..]),
        GapMs = BinaryPrimitives.ReadUInt16BigEndian(block[14..]),
        RoundTripMs = BinaryPrimitives.ReadUInt16BigEndian(block[16..]),
        EndSystemMs = BinaryPrimitives.ReadUInt16BigEndian(block[18..]),
        GapMinimum = block[23],
        Rating = Bounded(block[24], 0, 120),
        ListeningScore = Bounded(block[26], 10, 50),
        ConversationScore = Bounded(block[27], 10, 50),
        Receiver = block[28],
        JitterBuffer = (BinaryPrimitives.ReadUInt16BigEndian(block[30..]), BinaryPrimitives.ReadUInt16BigEndian(block[34..])),
    };

    /// <summary>What lies outside of the range of a value is as good as not known.</summary>
    private static byte Bounded(byte value, byte least, byte most) => value < least || value > most ? Unknown : value;
}
