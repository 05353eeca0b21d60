using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Sip.Defence;

/// <summary>What counts as one source: an IPv4 address in either form, or an IPv6 network of 64 bits, since who has one of its addresses has them all.</summary>
internal static class SourceKey
{
    /// <summary>The same value for all addresses of one source.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            bytes[12..].CopyTo(bytes);
            bytes[4..].Clear();
            bytes[15] = 4;
        }
        else if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes, out _);
            bytes[15] = 4;
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            bytes[8..].Clear();
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
