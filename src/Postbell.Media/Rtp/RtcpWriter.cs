using System.Buffers.Binary;
using System.Text;

namespace Postbell.Media.Rtp;

/// <summary>Writes compound RTCP datagrams (RFC 3550, 6): a report, the source description with its canonical name, a farewell.</summary>
public ref struct RtcpWriter
{
    private const byte CanonicalName = 1;
    private readonly Span<byte> _target;

    /// <summary>Starts an empty datagram.</summary>
    /// <param name="target">Where to write; 256 bytes hold everything this writer can write.</param>
    public RtcpWriter(Span<byte> target) => _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a sender report.</summary>
    /// <param name="ssrc">Our SSRC.</param>
    /// <param name="ntp">Now as 64-bit NTP time.</param>
    /// <param name="rtpTimestamp">The same moment on our RTP clock.</param>
    /// <param name="packets">RTP packets sent.</param>
    /// <param name="octets">Payload bytes sent.</param>
    /// <param name="block">What we received; null for nothing.</param>
    public void SenderReport(uint ssrc, ulong ntp, uint rtpTimestamp, uint packets, uint octets, RtcpReportBlock? block)
    {
        var body = Begin(RtcpReader.SenderReport, block is null ? 0 : 1, ssrc, 20 + (block is null ? 0 : RtcpReportBlock.Bytes));
        BinaryPrimitives.WriteUInt64BigEndian(body, ntp);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], rtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], packets);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], octets);
        block?.Write(body[20..]);
    }

    /// <summary>Adds a receiver report.</summary>
    public void ReceiverReport(uint ssrc, RtcpReportBlock? block)
    {
        var body = Begin(RtcpReader.ReceiverReport, block is null ? 0 : 1, ssrc, block is null ? 0 : RtcpReportBlock.Bytes);
        block?.Write(body);
    }

    /// <summary>Adds the source description with our canonical name, at most 64 ASCII characters.</summary>
    public void SourceDescription(uint ssrc, ReadOnlySpan<char> name)
    {
        name = name[..Math.Min(name.Length, 64)];
        var padded = (2 + name.Length + 4) & ~3;
        var body = Begin(RtcpReader.SourceDescription, 1, ssrc, padded);
        body.Clear();
        body[0] = CanonicalName;
        body[1] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, body[2..]);
    }

    /// <summary>Adds an extended report with the VoIP metrics of one stream (RFC 3611, 4.7).</summary>
    public void ExtendedReport(uint ssrc, in VoipMetrics metrics) => metrics.Write(Begin(RtcpReader.ExtendedReport, 0, ssrc, VoipMetrics.Bytes));

    /// <summary>Adds the farewell.</summary>
    public void Bye(uint ssrc) => Begin(RtcpReader.Bye, 1, ssrc, 0);

    private Span<byte> Begin(byte type, int count, uint ssrc, int bodyBytes)
    {
        var packet = _target.Slice(Length, 8 + bodyBytes);
        packet[0] = (byte)(0x80 | count);
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((packet.Length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        Length += packet.Length;
        return packet[8..];
    }
}
