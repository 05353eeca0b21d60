using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Defence;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>Every connection, whatever it carries: accepts, opens, finds again, limits their number, closes the overdue and those of banned strangers.</summary>
internal sealed class TcpPeers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly SipStack _stack;
    private readonly ConnectionDoors _doors;
    private readonly ILogger _log;
    private readonly TurnLimit _newcomers;
    private readonly ConcurrentBag<AcceptLoop> _loops = [];
    private readonly ConcurrentDictionary<TcpConnection, IPEndPoint?> _all = new();
    private readonly ConcurrentDictionary<(SipTransport Transport, IPEndPoint Remote), TcpConnection> _byRemote = new();
    private readonly ConcurrentDictionary<UInt128, int> _perSource = new();
    private int _count;
    private int _sweeping;
    private volatile bool _closed;

    public TcpPeers(SipStack stack, ConnectionDoors doors, ILogger log)
    {
        _stack = stack;
        _doors = doors;
        _log = log;
        _newcomers = new TurnLimit(stack.Options.MaxStrangerConnections, stack.Options.MaxConnectionsPerStranger);
        stack.Guard.Banned += CloseStrangers;
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Accepts until <see cref="CloseAll"/>.</summary>
    public void Accept(Socket listener, SipTransport transport)
    {
        var loop = new AcceptLoop(() => listener.AcceptAsync(CancellationToken.None), socket => Take(socket, transport), _stack.Wheel);
        _loops.Add(loop);
        _ = loop.RunAsync();
    }

    /// <summary>
    /// The open connection to this peer, or a new one that connects while messages queue; null where TLS has nobody to trust, and where the peer can only
    /// connect to us.
    /// </summary>
    public SipFlow? Open(SipDestination to, IPEndPoint local)
    {
        if (_byRemote.TryGetValue((to.Transport, to.EndPoint), out var known) && known.IsOpen && known.Serves(to.ServerName))
        {
            return known.FlowFrom(local);
        }

        if (to.Transport.IsWebSocket() || (to.Transport == SipTransport.Tls && _doors.Tls?.CanConnect != true))
        {
            return null;
        }

        var socket = new Socket(to.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (Register(socket, to, accepted: false, newcomer: null) is not { } connection)
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
        _stack.Guard.Banned -= CloseStrangers;
        foreach (var loop in _loops)
        {
            loop.Stop();
        }

        foreach (var connection in _all.Keys)
        {
            connection.Close();
        }
    }

    private void Take(Socket socket, SipTransport transport)
    {
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        TurnLimit.Turn? newcomer = null;
        var peer = new SipPeer(remote, transport);
        if (!_stack.Admits(peer))
        {
            newcomer = _stack.Guard.Refuses(remote.Address, MayProve(peer)) ? null : _newcomers.Enter(remote.Address);
            if (newcomer is null)
            {
                _stack.Statistics.CountConnectionRefused();
                socket.Dispose();
                return;
            }
        }

        if (Register(socket, new SipDestination(transport, remote), accepted: true, newcomer) is { } connection)
        {
            _ = RunAsync(connection, connect: false);
        }
        else
        {
            newcomer?.Dispose();
        }
    }

    private TcpConnection? Register(Socket socket, SipDestination to, bool accepted, TurnLimit.Turn? newcomer)
    {
        var remote = to.EndPoint;
        var sameSource = _perSource.AddOrUpdate(SourceKey.Of(remote.Address), 1, static (_, count) => count + 1);
        var all = Interlocked.Increment(ref _count);
        if (_closed || (accepted && (sameSource > _stack.Options.MaxConnectionsPerAddress || all > _stack.Options.MaxConnections)))
        {
            _stack.Statistics.CountConnectionRefused();
            Forget(remote.Address);
            socket.Dispose();
            return null;
        }

        var connection = new TcpConnection(socket, to, newcomer, this, _doors, _stack, _log);
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
        var source = SourceKey.Of(address);
        if (_perSource.AddOrUpdate(source, 0, static (_, count) => count - 1) <= 0)
        {
            _perSource.TryRemove(KeyValuePair.Create(source, 0));
        }
    }

    /// <summary>Closes what a stranger has open when its ban begins. Forged sources have nothing open, so a flood of bans costs a look-up each.</summary>
    private void CloseStrangers(IPAddress banned)
    {
        var source = SourceKey.Of(banned);
        if (!_perSource.ContainsKey(source))
        {
            return;
        }

        foreach (var connection in _all.Keys)
        {
            if (connection.IsNewcomer && SourceKey.Of(connection.Remote.Address) == source && _stack.Guard.Refuses(banned, MayProve(new SipPeer(connection.Remote, connection.To.Transport, connection.Identity))))
            {
                connection.Refuse();
            }
        }
    }

    private bool MayProve(SipPeer peer) => (peer.Identity is null && _doors.Tls?.MayProve(peer.Transport) == true) || _stack.Challenges(peer);

    /// <summary>Sees to it that one sweep, and never two, is waiting while there are connections.</summary>
    private void SweepLater()
    {
        if (!_closed && !_all.IsEmpty && Interlocked.CompareExchange(ref _sweeping, 1, 0) == 0)
        {
            _stack.Wheel.Schedule(SweepInterval, static state => ((TcpPeers)state!).Sweep(), this);
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
