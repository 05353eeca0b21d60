using System.Collections.Concurrent;
using System.Net;

namespace Postbell.Media.Engine;

/// <summary>A network inside the process: what is sent to a bound port waits there in memory. Scenario tests run calls over it in fake time.</summary>
internal sealed class InMemoryNetwork : IPacketNetwork
{
    private const int Backlog = 64;
    private const int FirstFreePort = 40000;

    private readonly ConcurrentDictionary<PeerAddress, Port> _ports = new();
    private int _nextPort = FirstFreePort;

    /// <summary>Looks at every datagram on its way; false loses it. Null lets all pass.</summary>
    public Func<PeerAddress, PeerAddress, ReadOnlyMemory<byte>, bool>? OnDatagram { get; set; }

    public PacketBatch CreateBatch() => new();

    public IPacketPort? TryBind(IPAddress address, int port)
    {
        while (true)
        {
            var local = new IPEndPoint(address, port == 0 ? Interlocked.Increment(ref _nextPort) : port);
            var bound = new Port(this, local);
            if (_ports.TryAdd(bound.Address, bound))
            {
                return bound;
            }

            if (port != 0)
            {
                return null;
            }
        }
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
        private readonly byte[] _bytes = new byte[Backlog * PacketBatch.PacketBytes];
        private readonly (int Length, PeerAddress From)[] _queue = new (int, PeerAddress)[Backlog];
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

                var index = (_first + _count++) % Backlog;
                var length = datagram.Length <= PacketBatch.PacketBytes ? datagram.Length : 0;
                _queue[index] = (length, from);
                datagram[..length].CopyTo(Slot(index));
            }
        }

        public int Receive(PacketBatch batch) => Receive(batch, PacketBatch.Capacity);

        public bool ReceiveOne(PacketBatch batch) => Receive(batch, 1) == 1;

        private int Receive(PacketBatch batch, int limit)
        {
            lock (_gate)
            {
                var count = Math.Min(_count, limit);
                for (var i = 0; i < count; i++)
                {
                    var (length, from) = _queue[_first];
                    Slot(_first)[..length].CopyTo(batch.Slot(i));
                    batch.Set(i, length, from, 0);
                    _first = (_first + 1) % Backlog;
                    _count--;
                }

                return count;
            }
        }

        public bool Send(ReadOnlySpan<byte> datagram, in PeerAddress to) => network.Deliver(Address, to, datagram);

        private Span<byte> Slot(int index) => _bytes.AsSpan(index * PacketBatch.PacketBytes, PacketBatch.PacketBytes);

        public void Dispose() => network._ports.TryRemove(new KeyValuePair<PeerAddress, Port>(Address, this));
    }
}
