using System.Buffers.Binary;

namespace Postbell.Media.Rtp;

/// <summary>Walks through the packets of one RTCP datagram (RFC 3550, 6.1), in place; never throws on what a peer sent.</summary>
public ref struct RtcpReader
{
    /// <summary>Packet type of a sender report.</summary>
    public const byte SenderReport = 200;

    /// <summary>Packet type of a receiver report.</summary>
    public const byte ReceiverReport = 201;

    /// <summary>Packet type of a source description.</summary>
    public const byte SourceDescription = 202;

    /// <summary>Packet type of a farewell.</summary>
    public const byte Bye = 203;

    /// <summary>Packet type of an extended report (RFC 3611).</summary>
    public const byte ExtendedReport = 207;

    private const int HeaderBytes = 4;
    private const int SenderInfoBytes = 20;

    private ReadOnlySpan<byte> _rest;

    private RtcpReader(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>Type of the current packet.</summary>
    public byte Type { get; private set; }

    /// <summary>Count in its header: report blocks or sources.</summary>
    public int Count { get; private set; }

    /// <summary>SSRC of who sent it; 0 when the packet has none.</summary>
    public uint Sender { get; private set; }

    /// <summary>What follows the header and the sender's SSRC.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Middle 32 bits of the NTP time in a sender report; 0 in other packets.</summary>
    public readonly uint SenderNtpMiddle => Type == SenderReport ? BinaryPrimitives.ReadUInt32BigEndian(Body[2..]) : 0;

    /// <summary>Report blocks of the current packet.</summary>
    public readonly int BlockCount => Type is SenderReport or ReceiverReport ? Count : 0;

    /// <summary>Starts reading. False when the datagram as a whole is no RTCP: wrong version, a first packet that is no report, lengths that do not add up.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> datagram, out RtcpReader reader)
    {
        reader = new RtcpReader(datagram);
        var check = reader;
        var first = true;
        while (!check._rest.IsEmpty)
        {
            if (!check.Next() || (first && check.Type is not (SenderReport or ReceiverReport)))
            {
                return false;
            }

            first = false;
        }

        return !first;
    }

    /// <summary>Goes to the next packet; false at the end or at one that is damaged.</summary>
    public bool Next()
    {
        if (_rest.Length < HeaderBytes || _rest[0] >> 6 != 2)
        {
            return false;
        }

        var length = HeaderBytes + (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) * 4);
        if (length > _rest.Length)
        {
            return false;
        }

        Type = _rest[1];
        Count = _rest[0] & 0x1F;
        var body = _rest[HeaderBytes..length];
        _rest = _rest[length..];
        Sender = body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(body) : 0;
        Body = body.Length >= 4 ? body[4..] : [];
        return Type switch
        {
            SenderReport => body.Length >= 4 + SenderInfoBytes + (Count * RtcpReportBlock.Bytes),
            ReceiverReport => body.Length >= 4 + (Count * RtcpReportBlock.Bytes),
            Bye => body.Length >= Count * 4,
            ExtendedReport => body.Length >= 4,
            _ => true,
        };
    }

    /// <summary>Finds what an extended report says of a stream; false when the current packet is none, or says nothing of it.</summary>
    /// <param name="source">SSRC of the stream.</param>
    /// <param name="metrics">What it says.</param>
    public readonly bool TryVoipMetrics(uint source, out VoipMetrics metrics)
    {
        metrics = default;
        return Type == ExtendedReport && VoipMetrics.TryFind(Body, source, out metrics);
    }

    /// <summary>A report block of the current packet.</summary>
    /// <param name="index">0 to <see cref="BlockCount"/> - 1.</param>
    public readonly RtcpReportBlock Block(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)BlockCount);
        var skip = (Type == SenderReport ? SenderInfoBytes : 0) + (index * RtcpReportBlock.Bytes);
        return RtcpReportBlock.Read(Body[skip..]);
    }
}
