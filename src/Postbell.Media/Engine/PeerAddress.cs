using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Media.Engine;

/// <summary>An IP address and port as a value, compared without allocation. IPv4 is kept in its IPv6-mapped form.</summary>
internal readonly record struct PeerAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000UL;

    public bool IsIPv4 => High == 0 && Low >> 32 == MappedPrefix >> 32;

    public uint IPv4 => (uint)Low;

    /// <summary>All zeros: no address, as in the old way to put a call on hold.</summary>
    public bool IsUnspecified => High == 0 && (Low == 0 || Low == MappedPrefix);

    public static PeerAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    public static PeerAddress FromIPv6(ReadOnlySpan<byte> address, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port);

    public static PeerAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out _);
        return endPoint.AddressFamily == AddressFamily.InterNetwork
            ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endPoint.Port)
            : FromIPv6(bytes, (ushort)endPoint.Port);
    }

    public bool SameHost(in PeerAddress other) => High == other.High && Low == other.Low;

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPEndPoint(new IPAddress(IsIPv4 ? bytes[12..] : bytes), Port);
    }
}
