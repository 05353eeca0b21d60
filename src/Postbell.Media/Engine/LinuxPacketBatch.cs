using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static Postbell.Media.Engine.LinuxCalls;

namespace Postbell.Media.Engine;

/// <summary>A batch laid out for recvmmsg: everything the kernel writes to is pinned and prepared once.</summary>
internal sealed unsafe class LinuxPacketBatch : PacketBatch
{
    private const int NameBytes = 28;
    private const int ControlBytes = 64;
    private const int ControlHeaderBytes = 16;

    private readonly MessageVector[] _messages = GC.AllocateArray<MessageVector>(Capacity, pinned: true);
    private readonly BufferVector[] _vectors = GC.AllocateArray<BufferVector>(Capacity, pinned: true);
    private readonly byte[] _names = GC.AllocateArray<byte>(Capacity * NameBytes, pinned: true);
    private readonly byte[] _controls = GC.AllocateArray<byte>(Capacity * ControlBytes, pinned: true);

    public LinuxPacketBatch()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new BufferVector { Data = At(Buffer, i * PacketBytes), Length = PacketBytes };
            _messages[i].Name = At(_names, i * NameBytes);
            _messages[i].Buffers = (BufferVector*)Unsafe.AsPointer(ref _vectors[i]);
            _messages[i].BufferCount = 1;
            _messages[i].Control = At(_controls, i * ControlBytes);
            Rearm(ref _messages[i]);
        }
    }

    public int Receive(int socket)
    {
        var count = ReceiveMany(socket, (MessageVector*)Unsafe.AsPointer(ref _messages[0]), Capacity, DontWait, null);
        for (var i = 0; i < count; i++)
        {
            ref var message = ref _messages[i];
            var length = (message.Flags & Truncated) != 0 ? 0 : (int)message.Length;
            Set(i, length, ReadAddress(message.Name), ReadTimestamp(message));
            Rearm(ref message);
        }

        return Math.Max(count, 0);
    }

    /// <summary>One plain recvfrom: costs half of a recvmmsg with its headers and control data.</summary>
    public bool ReceiveOne(int socket)
    {
        var nameLength = NameBytes;
        var length = (int)ReceiveFrom(socket, _vectors[0].Data, PacketBytes, DontWait | Truncated, _messages[0].Name, &nameLength);
        if (length < 0)
        {
            return false;
        }

        // With MSG_TRUNC the call returns the true length of a datagram that did not fit.
        Set(0, length <= PacketBytes ? length : 0, ReadAddress(_messages[0].Name), 0);
        return true;
    }

    private static byte* At(byte[] pinned, int offset) => (byte*)Unsafe.AsPointer(ref pinned[offset]);

    private static void Rearm(ref MessageVector message)
    {
        message.NameLength = NameBytes;
        message.ControlLength = ControlBytes;
    }

    private static PeerAddress ReadAddress(byte* name)
    {
        var port = BinaryPrimitives.ReverseEndianness(*(ushort*)(name + 2));
        return *(ushort*)name == Inet
            ? PeerAddress.FromIPv4(BinaryPrimitives.ReverseEndianness(*(uint*)(name + 4)), port)
            : PeerAddress.FromIPv6(new ReadOnlySpan<byte>(name + 8, 16), port);
    }

    private static long ReadTimestamp(in MessageVector message)
    {
        var control = message.Control;
        if (message.ControlLength < ControlHeaderBytes + (nuint)sizeof(TimeSpec) || *(int*)(control + 8) != SocketLevel
            || *(int*)(control + 12) != TimestampNs)
        {
            return 0;
        }

        var time = (TimeSpec*)(control + ControlHeaderBytes);
        return (time->Seconds * 1_000_000_000) + time->Nanoseconds;
    }
}
