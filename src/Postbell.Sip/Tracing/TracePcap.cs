using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Sip.Tracing;

/// <summary>
/// A trace as a capture file of libpcap for Wireshark, sngrep and the like: link type raw IP, microseconds. Every message is one UDP datagram between the
/// real addresses and ports, also one that travelled over TCP or TLS. A message of which only the beginning was kept is marked as such, as capture programs do.
/// </summary>
public static class TracePcap
{
    private const int LinkTypeRaw = 101;
    private const int UdpHeader = 8;
    private const byte UdpProtocol = 17;
    private const int LargestDatagram = 65_000;

    /// <summary>The whole file.</summary>
    public static byte[] Write(CallTraceSnapshot trace)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var header = output.GetSpan(24);
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        header.Slice(8, 8).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeRaw);
        output.Advance(24);
        foreach (var message in trace.Messages)
        {
            WritePacket(output, message);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WritePacket(ArrayBufferWriter<byte> output, TracedMessage message)
    {
        var (from, to) = (message.Source, message.Destination);
        var isV4 = AddressFamilyOf(from) == AddressFamily.InterNetwork && AddressFamilyOf(to) == AddressFamily.InterNetwork;
        var headers = (isV4 ? 20 : 40) + UdpHeader;
        var kept = message.Bytes.Length;
        var whole = Math.Min(Math.Max(message.Length, kept), LargestDatagram);
        var ticks = message.At.UtcTicks - DateTime.UnixEpoch.Ticks;
        var record = output.GetSpan(16 + headers + kept)[..(16 + headers + kept)];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)(headers + kept));
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)(headers + whole));
        var ip = record[16..];
        var udp = ip[(headers - UdpHeader)..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpHeader + whole));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        message.Bytes.Span.CopyTo(udp[UdpHeader..]);
        var addresses = isV4 ? WriteV4(ip, from.Address, to.Address, UdpHeader + whole) : WriteV6(ip, from.Address, to.Address, UdpHeader + whole);
        if (whole == kept)
        {
            BinaryPrimitives.WriteUInt16BigEndian(udp[6..], UdpChecksum(addresses, udp));
        }

        output.Advance(record.Length);
    }

    private static AddressFamily AddressFamilyOf(IPEndPoint end) => end.Address.IsIPv4MappedToIPv6 ? AddressFamily.InterNetwork : end.AddressFamily;

    private static ReadOnlySpan<byte> WriteV4(Span<byte> ip, IPAddress from, IPAddress to, int payload)
    {
        ip[..20].Clear();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + payload));
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = UdpProtocol;
        from.MapToIPv4().TryWriteBytes(ip[12..], out _);
        to.MapToIPv4().TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Fold(Sum(ip[..20])));
        return ip.Slice(12, 8);
    }

    private static ReadOnlySpan<byte> WriteV6(Span<byte> ip, IPAddress from, IPAddress to, int payload)
    {
        ip[..8].Clear();
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)payload);
        ip[6] = UdpProtocol;
        ip[7] = 64;
        from.MapToIPv6().TryWriteBytes(ip[8..], out _);
        to.MapToIPv6().TryWriteBytes(ip[24..], out _);
        return ip.Slice(8, 32);
    }

    /// <summary>With the pseudo header of RFC 768; 0 is written as its other form, since 0 means none.</summary>
    private static ushort UdpChecksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> udp)
    {
        var sum = Fold(Sum(addresses) + UdpProtocol + (uint)udp.Length + Sum(udp));
        return sum == 0 ? (ushort)0xFFFF : sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length > 1; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
