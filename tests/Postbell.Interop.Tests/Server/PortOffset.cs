using System.Net;
using System.Net.Sockets;

namespace Postbell.Interop.Tests.Server;

/// <summary>Finds port offsets at which every port of a server is free.</summary>
public static class PortOffset
{
    private static readonly int[] TcpPorts = [5060, 5061, 1143, 1993, 1024, 1587, 8080, 8443];
    private static readonly int[] UdpPorts = [5060, 20000, 20002, 20004];
    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Gate = new();

    public static int Reserve()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 500; attempt++)
            {
                // The highest media port (29999 + offset) stays below the range other programs get their ports from.
                var offset = Random.Shared.Next(100, 2700);
                if (!Taken.Any(t => Math.Abs(t - offset) < 5) && TcpPorts.All(p => TcpIsFree(p + offset)) && UdpPorts.All(p => UdpIsFree(p + offset)))
                {
                    Taken.Add(offset);
                    return offset;
                }
            }
        }

        throw new InvalidOperationException("no free range of ports for a server");
    }

    private static bool TcpIsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool UdpIsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
