using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Sip.Transport;

/// <summary>Our own address toward a peer, where a socket listens on all of them: the kernel's routing table is asked once per peer.</summary>
internal sealed class LocalAddresses
{
    private const int Remembered = 4096;

    private readonly ConcurrentDictionary<IPAddress, IPAddress> _known = new();

    public IPEndPoint Toward(IPEndPoint remote, IPEndPoint bound)
    {
        if (!bound.Address.Equals(IPAddress.Any) && !bound.Address.Equals(IPAddress.IPv6Any))
        {
            return bound;
        }

        if (!_known.TryGetValue(remote.Address, out var local))
        {
            if (_known.Count >= Remembered)
            {
                _known.Clear();
            }

            local = Ask(remote);
            _known[remote.Address] = local;
        }

        return new IPEndPoint(local, bound.Port);
    }

    private static IPAddress Ask(IPEndPoint remote)
    {
        try
        {
            // Connecting a datagram socket sends nothing; it only picks the route.
            using var probe = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(remote);
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        }
    }
}
