using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>Every TCP and TLS connection: accepts, opens, finds again, limits their number, closes the overdue ones.</summary>
internal sealed class TcpPeers(SipStack stack, TlsHandshakes? tls, ILogger log)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TcpConnection, IPEndPoint?> _all = new();
    private readonly ConcurrentDictionary<(SipTransport Transport, IPEndPoint Remote), TcpConnection> _byRemote = new();
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private int _count;
    private int _sweeping;
    private volatile bool _closed;

    public int Count => Volatile.Read(ref _count);

    public async Task AcceptAllAsync(Socket listener, SipTransport transport)
    {
        while (!_closed)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                if (Register(socket, new SipDestination(transport, (IPEndPoint)socket.RemoteEndPoint!), limited: true) is { } connection)
                {
                    _ = RunAsync(connection, connect: false);
                }
            }
            catch (SocketException) when (!_closed)
            {
                // The peer went away between its SYN and our accept, or descriptors ran out: the next one may fare better.
                await stack.Wheel.DelayAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>The open connection to this peer, or a new one that connects while messages queue; null where TLS has nobody to trust.</summary>
    public SipFlow? Open(SipDestination to, IPEndPoint local)
    {
        if (_byRemote.TryGetValue((to.Transport, to.EndPoint), out var known) && known.IsOpen && known.Serves(to.ServerName))
        {
            return known.FlowFrom(local);
        }

        if (to.Transport == SipTransport.Tls && tls?.CanConnect != true)
        {
            return null;
        }

        var socket = new Socket(to.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (Register(socket, to, limited: false) is not { } connection)
        {
            return null;
        }

        var flow = connection.FlowFrom(local);
        _ = RunAsync(connection, connect: true);
        return flow;
    }

    /// <summary>Requests to this port at the connection's peer may take the connection. The first connection keeps the port while it is open.</summary>
    public void Alias(TcpConnection connection, int port)
    {
        var key = (connection.To.Transport, new IPEndPoint(connection.Remote.Address, port));
        if (connection.IsOurs || (_byRemote.TryGetValue(key, out var holder) && holder.IsOpen))
        {
            return;
        }

        // One port for a connection: a peer that names many takes no memory.
        if (_all.TryUpdate(connection, key.Item2, null))
        {
            _byRemote[key] = connection;
        }
    }

    public void CloseAll()
    {
        _closed = true;
        foreach (var connection in _all.Keys)
        {
            connection.Close();
        }
    }

    private TcpConnection? Register(Socket socket, SipDestination to, bool limited)
    {
        var remote = to.EndPoint;
        var sameAddress = _perAddress.AddOrUpdate(remote.Address, 1, static (_, count) => count + 1);
        var all = Interlocked.Increment(ref _count);
        if (_closed || (limited && (sameAddress > stack.Options.MaxConnectionsPerAddress || all > stack.Options.MaxConnections)))
        {
            stack.Statistics.CountConnectionRefused();
            Forget(remote.Address);
            socket.Dispose();
            return null;
        }

        var connection = new TcpConnection(socket, to, this, to.Transport == SipTransport.Tls ? tls : null, stack, log);
        _all[connection] = null;
        _byRemote[(to.Transport, remote)] = connection;
        SweepLater();

        return connection;
    }

    private async Task RunAsync(TcpConnection connection, bool connect)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(connect);
        }
        finally
        {
            if (_all.TryRemove(connection, out var alias) && alias is not null)
            {
                _byRemote.TryRemove(KeyValuePair.Create((connection.To.Transport, alias), connection));
            }

            _byRemote.TryRemove(KeyValuePair.Create((connection.To.Transport, connection.Remote), connection));
            Forget(connection.Remote.Address);
        }
    }

    private void Forget(IPAddress address)
    {
        Interlocked.Decrement(ref _count);
        if (_perAddress.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
        {
            _perAddress.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    /// <summary>Sees to it that one sweep, and never two, is waiting while there are connections.</summary>
    private void SweepLater()
    {
        if (!_closed && !_all.IsEmpty && Interlocked.CompareExchange(ref _sweeping, 1, 0) == 0)
        {
            stack.Wheel.Schedule(SweepInterval, static state => ((TcpPeers)state!).Sweep(), this);
        }
    }

    private void Sweep()
    {
        foreach (var connection in _all.Keys)
        {
            connection.CloseIfOverdue();
        }

        Volatile.Write(ref _sweeping, 0);
        SweepLater();
    }
}
