using System.Buffers.Binary;

namespace Postbell.Media.Rtp;

/// <summary>An RTP packet (RFC 3550, 5.1), read in place.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>Length of a header without contributing sources and extension.</summary>
    public const int HeaderBytes = 12;

    /// <summary>What the payload is.</summary>
    public byte PayloadType { get; private init; }

    /// <summary>First packet after silence, or of a key press.</summary>
    public bool Marker { get; private init; }

    /// <summary>Goes up by one per packet.</summary>
    public ushort Sequence { get; private init; }

    /// <summary>Time of the first sample in samples.</summary>
    public uint Timestamp { get; private init; }

    /// <summary>Who sends this stream.</summary>
    public uint Ssrc { get; private init; }

    /// <summary>The payload without padding; may be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads a datagram; never throws.</summary>
    public static RtpParseFailure TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (datagram.Length < HeaderBytes)
        {
            return RtpParseFailure.TooShort;
        }

        var first = datagram[0];
        var second = datagram[1];
        if (first >> 6 != 2)
        {
            return RtpParseFailure.WrongVersion;
        }

        var payload = datagram[HeaderBytes..];
        if ((first & 0x3F) != 0)
        {
            var failure = StripExtras(first, ref payload);
            if (failure != RtpParseFailure.None)
            {
                return failure;
            }
        }

        var type = (byte)(second & 0x7F);
        if (type is >= 72 and <= 76)
        {
            return RtpParseFailure.LooksLikeRtcp;
        }

        packet = new RtpPacket
        {
            PayloadType = type,
            Marker = (second & 0x80) != 0,
            Sequence = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            Payload = payload,
        };
        return RtpParseFailure.None;
    }

    /// <summary>Writes a plain header of <see cref="HeaderBytes"/> bytes.</summary>
    public static void WriteHeader(Span<byte> target, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        target[0] = 0x80;
        target[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], ssrc);
    }

    /// <summary>Takes contributing sources, header extension and padding off the payload.</summary>
    private static RtpParseFailure StripExtras(byte first, ref ReadOnlySpan<byte> payload)
    {
        var sources = (first & 0x0F) * 4;
        if (payload.Length < sources)
        {
            return RtpParseFailure.TooShort;
        }

        payload = payload[sources..];
        if ((first & 0x10) != 0)
        {
            if (payload.Length < 4)
            {
                return RtpParseFailure.TooShort;
            }

            var extension = 4 + (BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) * 4);
            if (payload.Length < extension)
            {
                return RtpParseFailure.TooShort;
            }

            payload = payload[extension..];
        }

        if ((first & 0x20) != 0)
        {
            if (payload.IsEmpty || payload[^1] == 0 || payload[^1] > payload.Length)
            {
                return RtpParseFailure.BadPadding;
            }

            payload = payload[..^payload[^1]];
        }

        return RtpParseFailure.None;
    }
}
