using System.Collections.Concurrent;
using System.Net;

namespace Postbell.Media.Engine;

/// <summary>A network inside the process: what is sent to a bound port waits there in memory. Scenario tests run calls over it in fake time.</summary>
internal sealed class InMemoryNetwork : IPacketNetwork
{
    private const int Backlog = 256;
    private const int FirstFreePort = 40000;

    private readonly ConcurrentDictionary<PeerAddress, Port> _ports = new();
    private int _nextPort = FirstFreePort;

    /// <summary>Looks at every datagram on its way; false loses it. Null lets all pass.</summary>
    public Func<PeerAddress, PeerAddress, ReadOnlyMemory<byte>, bool>? OnDatagram { get; set; }

    public PacketBatch CreateBatch() => new();

    public IPacketPort? TryBind(IPAddress address, int port)
    {
        var local = new IPEndPoint(address, port == 0 ? Interlocked.Increment(ref _nextPort) : port);
        var bound = new Port(this, local);
        return _ports.TryAdd(bound.Address, bound) ? bound : null;
    }

    private bool Deliver(in PeerAddress from, in PeerAddress to, ReadOnlySpan<byte> datagram)
    {
        if (OnDatagram is { } tap && !tap(from, to, datagram.ToArray()))
        {
            return true;
        }

        if (_ports.TryGetValue(to, out var port))
        {
            port.Enqueue(from, datagram);
        }

        return true;
    }

    private sealed class Port(InMemoryNetwork network, IPEndPoint local) : IPacketPort
    {
        private readonly Lock _gate = new();
        private readonly (byte[]? Bytes, int Length, PeerAddress From)[] _queue = new (byte[]?, int, PeerAddress)[Backlog];
        private int _first;
        private int _count;

        public PeerAddress Address { get; } = PeerAddress.From(local);

        public IPEndPoint Local => local;

        public void Enqueue(in PeerAddress from, ReadOnlySpan<byte> datagram)
        {
            lock (_gate)
            {
                if (_count == Backlog)
                {
                    return;
                }

                ref var slot = ref _queue[(_first + _count++) % Backlog];
                slot.Bytes ??= new byte[PacketBatch.PacketBytes];
                slot.Length = datagram.Length <= PacketBatch.PacketBytes ? datagram.Length : 0;
                slot.From = from;
                datagram[..slot.Length].CopyTo(slot.Bytes);
            }
        }

        public int Receive(PacketBatch batch)
        {
            lock (_gate)
            {
                var count = Math.Min(_count, PacketBatch.Capacity);
                for (var i = 0; i < count; i++)
                {
                    ref var slot = ref _queue[_first];
                    slot.Bytes.AsSpan(0, slot.Length).CopyTo(batch.Slot(i));
                    batch.Set(i, slot.Length, slot.From, 0);
                    _first = (_first + 1) % Backlog;
                    _count--;
                }

                return count;
            }
        }

        public bool Send(ReadOnlySpan<byte> datagram, in PeerAddress to) => network.Deliver(Address, to, datagram);

        public void Dispose() => network._ports.TryRemove(new KeyValuePair<PeerAddress, Port>(Address, this));
    }
}
