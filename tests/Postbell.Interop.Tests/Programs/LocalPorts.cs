using System.Net;
using System.Net.Sockets;

namespace Postbell.Interop.Tests.Programs;

/// <summary>Ports that are free at this moment, for programs that want to be told one.</summary>
public static class LocalPorts
{
    private static readonly Lock Gate = new();
    private static int _next = Random.Shared.Next(0, 2000) * 2;

    /// <summary>An even port with a run of <paramref name="count"/> free UDP and TCP ports; no run is given out twice.</summary>
    public static int Run(int count)
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 2000; attempt++)
            {
                // Between the servers' signalling and media ports; another program may still hold one, so each is tried.
                var first = 11000 + (_next % 8500);
                _next = (_next + count + 1) & ~1;
                if (Enumerable.Range(first, count).All(IsFree))
                {
                    return first;
                }
            }
        }

        throw new InvalidOperationException($"no {count} free ports in a row");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
