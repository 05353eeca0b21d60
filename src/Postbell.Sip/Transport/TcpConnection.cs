using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Tracing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>
/// One TCP connection, accepted or opened by us, in the clear or inside TLS, with or without WebSocket: a read loop on its wire, a write loop behind a
/// bounded queue, and the times after which it is given up.
/// </summary>
/// <remarks>Invariants: closed exactly once; whoever queued a message that did not leave is told; messages leave in the order they were queued.</remarks>
internal sealed partial class TcpConnection : ISipChannel
{
    private static readonly TimeSpan s_pongTime = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly TcpPeers _peers;
    private readonly ConnectionDoors _doors;
    private readonly SipStack _stack;
    private readonly ILogger _log;
    private readonly Channel<(ReadOnlyMemory<byte> Bytes, ISendObserver? Observer)> _queue =
        Channel.CreateUnbounded<(ReadOnlyMemory<byte>, ISendObserver?)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private readonly long _openedAt;
    private volatile IMessageWire? _wire;
    private SipFlow? _flow;
    private TurnLimit.Turn? _newcomer;
    private int _queuedBytes;
    private int _closed;
    private long _lastActivity;
    private long _pingedAt;
    private bool _answersPings;
    private volatile bool _refused;

    /// <param name="socket">Connected for an accepted connection, fresh for one of ours.</param>
    /// <param name="to">The peer, and the name it is called by when we open the connection.</param>
    /// <param name="newcomer">The turn of a stranger, given back once it has shown to be none; null for everybody else.</param>
    /// <param name="peers">All connections.</param>
    /// <param name="doors">What comes before the first message.</param>
    /// <param name="stack">Takes what arrives.</param>
    /// <param name="log">Where it logs.</param>
    public TcpConnection(Socket socket, SipDestination to, TurnLimit.Turn? newcomer, TcpPeers peers, ConnectionDoors doors, SipStack stack, ILogger log)
    {
        _socket = socket;
        To = to;
        _newcomer = newcomer;
        _peers = peers;
        _doors = doors;
        _stack = stack;
        _log = log;
        _openedAt = stack.Wheel.Time.GetTimestamp();
        OnReceived();
        newcomer?.Displaced.Register(static connection => ((TcpConnection)connection!).Close(), this);
    }

    /// <summary>The peer's address, and the name it was called by when we opened the connection.</summary>
    public SipDestination To { get; }

    public IPEndPoint Remote => To.EndPoint;

    public SipPeerIdentity? Identity { get; private set; }

    /// <summary>True for connections that we opened.</summary>
    public bool IsOurs { get; private set; }

    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    /// <summary>True while a stranger's connection has carried nothing that was taken.</summary>
    public bool IsNewcomer => Volatile.Read(ref _newcomer) is not null;

    public bool IsServed => !IsNewcomer;

    public ISipTap? Tap => _stack.Options.Tap;

    /// <summary>The flow of this connection; before it is up the local port is not known yet.</summary>
    public SipFlow FlowFrom(IPEndPoint local) => _flow ??= new SipFlow(To.Transport, local, Remote, this);

    /// <summary>True when requests for this server name may go here; null is anybody at the address.</summary>
    public bool Serves(string? serverName) =>
        serverName is null || serverName.Equals(To.ServerName, StringComparison.OrdinalIgnoreCase) || Identity?.Covers(serverName) == true;

    public void ServeAlso(int port) => _peers.Alias(this, port);

    public void OnServed() => Interlocked.Exchange(ref _newcomer, null)?.Dispose();

    public void Send(ReadOnlyMemory<byte> message, IPEndPoint remote, ISendObserver? observer)
    {
        var queued = Interlocked.Add(ref _queuedBytes, message.Length);
        if (queued > _stack.Options.MaxQueuedBytesPerConnection)
        {
            // A peer that does not read holds no memory of ours.
            LogTooSlow(Remote);
            Close();
        }

        if (!IsOpen || !_queue.Writer.TryWrite((message, observer)))
        {
            observer?.OnSendFailed();
        }
    }

    /// <summary>Runs until the connection closes; connects first when we are the ones to open it.</summary>
    public async Task RunAsync(bool connect)
    {
        IsOurs = connect;
        var writing = Task.CompletedTask;
        try
        {
            _socket.NoDelay = true;
            if (connect)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                limit.CancelAfter(_stack.Options.ConnectTimeout);
                await _socket.ConnectAsync(Remote, limit.Token);
            }

            var flow = FlowFrom((IPEndPoint)_socket.LocalEndPoint!);
            if (await OpenWireAsync(connect) is { } wire)
            {
                _wire = wire;
                OnReceived();
                if (IsNewcomer && _stack.Admits(flow.Peer))
                {
                    OnServed();
                }

                writing = WriteAllAsync(wire);
                await wire.ReadAllAsync(flow, _closing.Token);
            }
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            LogClosed(Remote, failure.Message);
        }
        finally
        {
            Close();
            await writing;
            FailQueued();
            OnServed();
            _socket.Dispose();
        }
    }

    /// <summary>
    /// Closes when idle for too long, when a stranger stays one, when a message takes too long to arrive, or when a keep-alive stays without the answer this
    /// peer gives else. Sends a keep-alive where one is due.
    /// </summary>
    public void CloseIfOverdue()
    {
        var time = _stack.Wheel.Time;
        var idle = time.GetElapsedTime(Volatile.Read(ref _lastActivity));
        var partial = _wire?.PartialSince ?? 0;
        var pinged = Volatile.Read(ref _pingedAt);
        if (idle > _stack.Options.ConnectionIdleTimeout
            || (IsNewcomer && time.GetElapsedTime(_openedAt) > _stack.Options.StrangerConnectionTime)
            || (partial != 0 && time.GetElapsedTime(partial) > _stack.Options.MessageArrivalTimeout)
            || (pinged != 0 && _answersPings && time.GetElapsedTime(pinged) > s_pongTime))
        {
            Close();
        }
        else if (IsOurs && pinged == 0 && _wire is not null && idle > _stack.Options.KeepAliveInterval)
        {
            Volatile.Write(ref _pingedAt, time.GetTimestamp());
            Send(KeepAlive.Ping, Remote, null);
        }
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _queue.Writer.TryComplete();
            _closing.Cancel();
        }
    }

    /// <summary>Closes on a peer that was banned.</summary>
    public void Refuse()
    {
        _refused = true;
        Close();
    }

    public void CloseAfterSending()
    {
        _refused = true;
        // The write loop closes once the queue is empty.
        _queue.Writer.TryComplete();
    }

    /// <summary>Something came from the peer.</summary>
    public void OnReceived() => Volatile.Write(ref _lastActivity, _stack.Wheel.Time.GetTimestamp());

    /// <summary>What came ends the wait after a keep-alive; false when none was out.</summary>
    public bool EndPing() => Interlocked.Exchange(ref _pingedAt, 0) != 0;

    /// <summary>The peer answers keep-alives, and must go on doing so.</summary>
    public void OnPong() => _answersPings = true;

    /// <summary>Lets the answer to a broken message leave before the connection closes.</summary>
    public async Task FlushAsync()
    {
        _queue.Writer.TryComplete();
        await _queue.Reader.Completion.WaitAsync(_stack.Options.ConnectTimeout).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>True for what the network or the peer does to a connection.</summary>
    public static bool IsEnd(Exception failure) =>
        failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException or WebSocketException;

    /// <summary>Does what comes before the first message, TLS and WebSocket; null when it failed, which is counted.</summary>
    private async Task<IMessageWire?> OpenWireAsync(bool connect)
    {
        Stream stream;
        if (To.Transport.IsEncrypted())
        {
            var secured = connect
                ? await _doors.Tls!.ConnectAsync(_socket, Remote, To.ServerName, _closing.Token)
                : await _doors.Tls!.AcceptAsync(_socket, To, _closing.Token);
            if (secured is not { } inside)
            {
                return null;
            }

            Identity = inside.Identity;
            stream = inside.Stream;
        }
        else
        {
            stream = new NetworkStream(_socket, ownsSocket: true);
        }

        if (!To.Transport.IsWebSocket())
        {
            return new StreamWire(stream, this, _stack);
        }

        return await _doors.WebSockets.AcceptAsync(stream, To, _closing.Token) is { } webSocket ? new WebSocketWire(webSocket, stream, this, _stack) : null;
    }

    private async Task WriteAllAsync(IMessageWire wire)
    {
        try
        {
            await foreach (var (bytes, observer) in _queue.Reader.ReadAllAsync())
            {
                if (!await TryWriteAsync(wire, bytes))
                {
                    observer?.OnSendFailed();
                    Close();
                    break;
                }

                Interlocked.Add(ref _queuedBytes, -bytes.Length);
                if (bytes.Length > KeepAlive.Ping.Length)
                {
                    // Keep-alives of ours are no sign that anybody is there.
                    OnReceived();
                }
            }
        }
        finally
        {
            Close();
            await wire.EndAsync(_refused, _stack.Options.ConnectTimeout);
        }
    }

    private async Task<bool> TryWriteAsync(IMessageWire wire, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // What was queued before the close is still written, but a peer that does not read cannot hold the connection open.
            using var limit = new CancellationTokenSource(_stack.Options.ConnectTimeout);
            await wire.WriteAsync(bytes, limit.Token);
            return true;
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            LogClosed(Remote, failure.Message);
            return false;
        }
    }

    private void FailQueued()
    {
        while (_queue.Reader.TryRead(out var unsent))
        {
            unsent.Observer?.OnSendFailed();
        }
    }

    [LoggerMessage(20, LogLevel.Debug, "The connection with {Remote} ended: {Reason}")]
    private partial void LogClosed(IPEndPoint remote, string reason);

    [LoggerMessage(21, LogLevel.Warning, "The connection with {Remote} was closed: the peer does not read")]
    private partial void LogTooSlow(IPEndPoint remote);
}
