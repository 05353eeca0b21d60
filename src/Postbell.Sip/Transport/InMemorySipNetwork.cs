using System.Collections.Concurrent;
using System.Net;

namespace Postbell.Sip.Transport;

/// <summary>A datagram network inside the process: what one endpoint sends, another has received when the call returns. Scenario tests run over it in fake time.</summary>
internal sealed class InMemorySipNetwork
{
    private readonly ConcurrentDictionary<IPEndPoint, InMemorySipSockets> _endpoints = new();
    private int _nextPort = 5060;

    /// <summary>Looks at every datagram on its way; false loses it. Null lets all pass.</summary>
    public Func<IPEndPoint, IPEndPoint, ReadOnlyMemory<byte>, bool>? OnDatagram { get; set; }

    /// <summary>The sockets of one endpoint.</summary>
    public ISipSockets CreateSockets() => new InMemorySipSockets(this);

    internal IPEndPoint Register(InMemorySipSockets sockets, IPAddress address)
    {
        var endPoint = new IPEndPoint(address, Interlocked.Increment(ref _nextPort));
        _endpoints[endPoint] = sockets;
        return endPoint;
    }

    internal void Unregister(IPEndPoint endPoint) => _endpoints.TryRemove(endPoint, out _);

    internal void Deliver(IPEndPoint from, IPEndPoint to, ReadOnlyMemory<byte> datagram)
    {
        if ((OnDatagram is null || OnDatagram(from, to, datagram)) && _endpoints.TryGetValue(to, out var receiver))
        {
            receiver.Receive(from, datagram);
        }
    }
}
