using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Postbell.Bench.Sockets;

/// <summary>A UDP socket that sends and receives many packets in one call of the kernel; received packets carry the kernel's time of arrival.</summary>
internal sealed unsafe class BatchSocket : IDisposable
{
    private const int Batch = 128;
    private const int Room = 4096;
    private const int ControlRoom = 64;

    private readonly Libc.Message* _incoming = Allocate<Libc.Message>(Batch);
    private readonly Libc.Message* _outgoing = Allocate<Libc.Message>(Batch);
    private readonly Libc.Address* _sources = Allocate<Libc.Address>(Batch);
    private readonly Libc.Address* _targets = Allocate<Libc.Address>(Batch);
    private readonly byte* _received = Allocate<byte>(Batch * Room);
    private readonly byte* _toSend = Allocate<byte>(Batch * Room);
    private readonly byte* _control = Allocate<byte>(Batch * ControlRoom);
    private int _queued;

    public BatchSocket(int bufferBytes, int port = 0)
    {
        Descriptor = Libc.OpenSocket(Libc.Inet, Libc.Datagram | Libc.NonBlocking, 0);
        var address = new Libc.Address { Family = Libc.Inet, PortBigEndian = BinaryPrimitives.ReverseEndianness((ushort)port), HostBigEndian = BinaryPrimitives.ReverseEndianness(0x7F000001u) };
        var length = (uint)sizeof(Libc.Address);
        Check(Libc.Bind(Descriptor, &address, length));
        Check(Libc.GetName(Descriptor, &address, &length));
        Port = BinaryPrimitives.ReverseEndianness(address.PortBigEndian);
        var one = 1;
        Check(Libc.SetOption(Descriptor, Libc.SocketLevel, Libc.TimestampNanoseconds, &one, sizeof(int)));
        // Past the system's limit where that is allowed, else up to it.
        if (Libc.SetOption(Descriptor, Libc.SocketLevel, Libc.ReceiveBufferForce, &bufferBytes, sizeof(int)) != 0)
        {
            Check(Libc.SetOption(Descriptor, Libc.SocketLevel, Libc.ReceiveBuffer, &bufferBytes, sizeof(int)));
        }

        if (Libc.SetOption(Descriptor, Libc.SocketLevel, Libc.SendBufferForce, &bufferBytes, sizeof(int)) != 0)
        {
            Check(Libc.SetOption(Descriptor, Libc.SocketLevel, Libc.SendBuffer, &bufferBytes, sizeof(int)));
        }

        for (var i = 0; i < Batch; i++)
        {
            Prepare(&_incoming[i], &_sources[i], _received + (i * Room), _control + (i * ControlRoom));
            Prepare(&_outgoing[i], &_targets[i], _toSend + (i * Room), null);
        }
    }

    public delegate void PacketHandler(ReadOnlySpan<byte> packet, int sourcePort, long arrivedAt);

    public int Descriptor { get; }

    public int Port { get; }

    /// <summary>Packets the kernel would not take.</summary>
    public long NotSent { get; private set; }

    /// <summary>Room for one packet, to be filled by the caller; it leaves with the next <see cref="Flush"/> or when the batch is full.</summary>
    public Span<byte> Queue(IPEndPoint to, int length)
    {
        if (_queued == Batch)
        {
            Flush();
        }

        var index = _queued++;
        _targets[index].PortBigEndian = BinaryPrimitives.ReverseEndianness((ushort)to.Port);
        _outgoing[index].Header.Vectors->Length = (nuint)length;
        return new Span<byte>(_toSend + (index * Room), length);
    }

    public void Flush()
    {
        var sent = 0;
        while (sent < _queued)
        {
            var n = Libc.SendMany(Descriptor, _outgoing + sent, (uint)(_queued - sent), 0);
            if (n <= 0)
            {
                // One packet refused (the port of a call that just ended, a full buffer): the others go on.
                NotSent++;
                n = 1;
            }

            sent += n;
        }

        _queued = 0;
    }

    /// <summary>Hands over everything that has arrived.</summary>
    public int Drain(PacketHandler handler)
    {
        var total = 0;
        while (true)
        {
            for (var i = 0; i < Batch; i++)
            {
                _incoming[i].Header.ControlLength = ControlRoom;
            }

            var n = Libc.ReceiveMany(Descriptor, _incoming, Batch, Libc.DontWait, null);
            if (n <= 0)
            {
                return total;
            }

            for (var i = 0; i < n; i++)
            {
                var packet = new ReadOnlySpan<byte>(_received + (i * Room), (int)_incoming[i].Length);
                handler(packet, BinaryPrimitives.ReverseEndianness(_sources[i].PortBigEndian), ArrivalOf(&_incoming[i]));
            }

            total += n;
            if (n < Batch)
            {
                return total;
            }
        }
    }

    public void Dispose() => _ = Libc.Close(Descriptor);

    private static long ArrivalOf(Libc.Message* message)
    {
        // One control message: length (8), level (4), type (4), then the time.
        var control = message->Header.Control;
        return message->Header.ControlLength < 32 ? Libc.Now() : (*(long*)(control + 16) * 1_000_000_000) + *(long*)(control + 24);
    }

    private static void Prepare(Libc.Message* message, Libc.Address* address, byte* room, byte* control)
    {
        var vector = Allocate<Libc.Vector>(1);
        vector->Base = room;
        vector->Length = Room;
        address->Family = Libc.Inet;
        address->HostBigEndian = BinaryPrimitives.ReverseEndianness(0x7F000001u);
        message->Header.Name = address;
        message->Header.NameLength = (uint)sizeof(Libc.Address);
        message->Header.Vectors = vector;
        message->Header.VectorCount = 1;
        message->Header.Control = control;
        message->Header.ControlLength = control is null ? 0u : ControlRoom;
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"socket: error {Marshal.GetLastPInvokeError()}");
        }
    }
}
