using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postbell.Sip.Tracing;

/// <summary>Writes one message in HEP version 3 (the capture protocol of Homer): "HEP3", the length, then chunks of vendor, type, length and value.</summary>
internal ref struct HepPacket
{
    /// <summary>Bytes that suffice for everything but the message: chunks, addresses, a password and a Call-ID.</summary>
    public const int MostOverhead = 2048;

    private const int ChunkHeader = 6;
    private const byte Sip = 1;
    private readonly Span<byte> _target;
    private int _length;

    private HepPacket(Span<byte> target) => _target = target;

    /// <summary>Writes a packet.</summary>
    /// <returns>Its length.</returns>
    public static int Write(
        Span<byte> target, DateTimeOffset at, SipTransport transport, IPEndPoint from, IPEndPoint to, uint captureId, ReadOnlySpan<byte> password,
        ReadOnlySpan<char> callId, ReadOnlySpan<byte> message)
    {
        var packet = new HepPacket(target);
        "HEP3"u8.CopyTo(target);
        packet._length = 6;
        packet.Addresses(from.Address, to.Address);
        packet.Byte(2, (byte)(transport == SipTransport.Udp ? ProtocolType.Udp : ProtocolType.Tcp));
        packet.Short(7, (ushort)from.Port);
        packet.Short(8, (ushort)to.Port);
        var ticks = at.UtcTicks - DateTime.UnixEpoch.Ticks;
        packet.Int(9, (uint)(ticks / TimeSpan.TicksPerSecond));
        packet.Int(10, (uint)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        packet.Byte(11, Sip);
        packet.Int(12, captureId);
        if (!password.IsEmpty)
        {
            password.CopyTo(packet.Chunk(14, password.Length));
        }

        var correlation = packet.Chunk(17, Encoding.UTF8.GetByteCount(callId));
        Encoding.UTF8.GetBytes(callId, correlation);
        message.CopyTo(packet.Chunk(15, message.Length));
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)packet._length);
        return packet._length;
    }

    private void Addresses(IPAddress from, IPAddress to)
    {
        var isV4 = from.AddressFamily == AddressFamily.InterNetwork && to.AddressFamily == AddressFamily.InterNetwork;
        // The numbers that Linux has for the families, whatever they are here.
        Byte(1, isV4 ? (byte)2 : (byte)10);
        from = isV4 ? from : from.MapToIPv6();
        to = isV4 ? to : to.MapToIPv6();
        from.TryWriteBytes(Chunk((ushort)(isV4 ? 3 : 5), isV4 ? 4 : 16), out _);
        to.TryWriteBytes(Chunk((ushort)(isV4 ? 4 : 6), isV4 ? 4 : 16), out _);
    }

    private void Byte(ushort type, byte value) => Chunk(type, 1)[0] = value;

    private void Short(ushort type, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Chunk(type, 2), value);

    private void Int(ushort type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Chunk(type, 4), value);

    private Span<byte> Chunk(ushort type, int length)
    {
        var chunk = _target.Slice(_length, ChunkHeader + length);
        BinaryPrimitives.WriteUInt16BigEndian(chunk, 0);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[4..], (ushort)chunk.Length);
        _length += chunk.Length;
        return chunk[ChunkHeader..];
    }
}
