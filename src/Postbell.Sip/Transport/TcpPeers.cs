using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>Every TCP connection: accepts, opens, finds again, limits their number, closes the overdue ones.</summary>
internal sealed class TcpPeers(SipStack stack, ILogger log)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TcpConnection, IPEndPoint> _all = new();
    private readonly ConcurrentDictionary<IPEndPoint, TcpConnection> _byRemote = new();
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private int _count;
    private int _sweeping;
    private volatile bool _closed;

    public int Count => Volatile.Read(ref _count);

    public async Task AcceptAllAsync(Socket listener)
    {
        while (!_closed)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                if (Register(socket, (IPEndPoint)socket.RemoteEndPoint!, limited: true) is { } connection)
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

    /// <summary>The open connection to this address, or a new one that connects while messages queue.</summary>
    public SipFlow? Open(IPEndPoint remote, IPEndPoint local)
    {
        if (_byRemote.TryGetValue(remote, out var known) && known.IsOpen)
        {
            return known.FlowFrom(local);
        }

        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (Register(socket, remote, limited: false) is not { } connection)
        {
            return null;
        }

        var flow = connection.FlowFrom(local);
        _ = RunAsync(connection, connect: true);
        return flow;
    }

    public void CloseAll()
    {
        _closed = true;
        foreach (var connection in _all.Keys)
        {
            connection.Close();
        }
    }

    private TcpConnection? Register(Socket socket, IPEndPoint remote, bool limited)
    {
        var sameAddress = _perAddress.AddOrUpdate(remote.Address, 1, static (_, count) => count + 1);
        var all = Interlocked.Increment(ref _count);
        if (_closed || (limited && (sameAddress > stack.Options.MaxConnectionsPerAddress || all > stack.Options.MaxConnections)))
        {
            stack.Statistics.CountConnectionRefused();
            Forget(remote.Address);
            socket.Dispose();
            return null;
        }

        var connection = new TcpConnection(socket, remote, stack, log);
        _all[connection] = remote;
        _byRemote[remote] = connection;
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
            _all.TryRemove(connection, out _);
            _byRemote.TryRemove(KeyValuePair.Create(connection.Remote, connection));
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
