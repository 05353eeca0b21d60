using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>
/// One TCP connection, accepted or opened by us, in the clear or inside TLS: a read loop that frames messages, a write loop behind a bounded queue. A
/// connection that waits for bytes owns no buffer.
/// </summary>
/// <remarks>Invariants: closed exactly once; whoever queued a message that did not leave is told; messages leave in the order they were queued.</remarks>
internal sealed partial class TcpConnection : ISipChannel
{
    private const int FirstBuffer = 4096;
    private static readonly TimeSpan s_pongTime = TimeSpan.FromSeconds(10);
    private static readonly byte[] s_ping = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_pong = "\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly TcpPeers _peers;
    private readonly TlsHandshakes? _tls;
    private readonly SipStack _stack;
    private readonly ILogger _log;
    private readonly Channel<(ReadOnlyMemory<byte> Bytes, ISendObserver? Observer)> _queue =
        Channel.CreateUnbounded<(ReadOnlyMemory<byte>, ISendObserver?)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private readonly SipStreamFramer _framer;
    private Stream _stream = Stream.Null;
    private SipFlow? _flow;
    private byte[] _buffer = [];
    private int _filled;
    private int _queuedBytes;
    private int _closed;
    private long _lastActivity;
    private long _partialSince;
    private long _pingedAt;
    private bool _answersPings;

    public TcpConnection(Socket socket, SipDestination to, TcpPeers peers, TlsHandshakes? tls, SipStack stack, ILogger log)
    {
        _socket = socket;
        _socket.NoDelay = true;
        To = to;
        _peers = peers;
        _tls = tls;
        _stack = stack;
        _log = log;
        _framer = new SipStreamFramer(stack.Options.Limits);
        Touch();
    }

    /// <summary>The peer's address, and the name it was called by when we opened the connection.</summary>
    public SipDestination To { get; }

    public IPEndPoint Remote => To.EndPoint;

    public SipPeerIdentity? Identity { get; private set; }

    /// <summary>True for connections that we opened.</summary>
    public bool IsOurs { get; private set; }

    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    /// <summary>The flow of this connection; before it is up the local port is not known yet.</summary>
    public SipFlow FlowFrom(IPEndPoint local) => _flow ??= new SipFlow(To.Transport, local, Remote, this);

    /// <summary>True when requests for this server name may go here; null is anybody at the address.</summary>
    public bool Serves(string? serverName) =>
        serverName is null || serverName.Equals(To.ServerName, StringComparison.OrdinalIgnoreCase) || Identity?.Covers(serverName) == true;

    public void ServeAlso(int port) => _peers.Alias(this, port);

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
            if (connect)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                limit.CancelAfter(_stack.Options.ConnectTimeout);
                await _socket.ConnectAsync(Remote, limit.Token);
            }

            var flow = FlowFrom((IPEndPoint)_socket.LocalEndPoint!);
            if (await SecureAsync(connect))
            {
                Touch();
                writing = WriteAllAsync();
                await ReadAllAsync(flow);
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
            ReturnBuffer();
            _socket.Dispose();
        }
    }

    /// <summary>
    /// Closes when idle for too long, when a message takes too long to arrive, or when a keep-alive stays without the answer this peer gives else. Sends
    /// a keep-alive where one is due.
    /// </summary>
    public void CloseIfOverdue()
    {
        var time = _stack.Wheel.Time;
        var idle = time.GetElapsedTime(Volatile.Read(ref _lastActivity));
        var partial = Volatile.Read(ref _partialSince);
        var pinged = Volatile.Read(ref _pingedAt);
        if (idle > _stack.Options.ConnectionIdleTimeout
            || (partial != 0 && time.GetElapsedTime(partial) > _stack.Options.MessageArrivalTimeout)
            || (pinged != 0 && _answersPings && time.GetElapsedTime(pinged) > s_pongTime))
        {
            Close();
        }
        else if (IsOurs && pinged == 0 && _stream != Stream.Null && idle > _stack.Options.KeepAliveInterval)
        {
            Volatile.Write(ref _pingedAt, time.GetTimestamp());
            Send(s_ping, Remote, null);
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

    /// <summary>Puts the stream on the socket; false when there is no TLS to be had.</summary>
    private async Task<bool> SecureAsync(bool connect)
    {
        if (_tls is null)
        {
            _stream = new NetworkStream(_socket, ownsSocket: true);
            return true;
        }

        var secured = connect
            ? await _tls.ConnectAsync(_socket, Remote, To.ServerName, _closing.Token)
            : await _tls.AcceptAsync(_socket, Remote, _closing.Token);
        if (secured is not { } inside)
        {
            return false;
        }

        Identity = inside.Identity;
        _stream = inside.Stream;
        return true;
    }

    private async Task ReadAllAsync(SipFlow flow)
    {
        while (IsOpen)
        {
            if (_filled == 0)
            {
                ReturnBuffer();
                // Wakes when there is something to read, without holding a buffer for the wait.
                _ = await _stream.ReadAsync(Memory<byte>.Empty, _closing.Token);
            }

            MakeRoom();
            var received = await _stream.ReadAsync(_buffer.AsMemory(_filled), _closing.Token);
            if (received == 0)
            {
                return;
            }

            _filled += received;
            Touch();
            TakePong();
            if (!TakeFrames(flow))
            {
                await FlushAsync();
                return;
            }
        }
    }

    /// <summary>Hands on every whole message; false when the stream can no longer be framed.</summary>
    private bool TakeFrames(SipFlow flow)
    {
        var consumed = 0;
        try
        {
            while (true)
            {
                var rest = _buffer.AsSpan(consumed, _filled - consumed);
                var frame = _framer.Next(rest, out var length, out var failure);
                switch (frame)
                {
                    case SipFrame.Message:
                        _stack.Receive(rest[..length], flow);
                        break;
                    case SipFrame.Ping:
                        Send(s_pong, Remote, null);
                        break;
                    case SipFrame.Broken:
                        _stack.ReceiveBroken(rest[..length], flow, failure);
                        return false;
                    case SipFrame.Incomplete:
                        return true;
                }

                consumed += length;
            }
        }
        finally
        {
            Keep(consumed);
        }
    }

    /// <summary>
    /// Whatever comes after a keep-alive shows that the peer is there. A line break alone is its answer, which must not wait in the buffer: with the next
    /// one it would look like a keep-alive of the peer.
    /// </summary>
    private void TakePong()
    {
        var received = _buffer.AsSpan(0, _filled);
        if (Interlocked.Exchange(ref _pingedAt, 0) == 0 || !received.StartsWith(s_pong) || received.StartsWith(s_ping))
        {
            return;
        }

        _answersPings = true;
        if (_filled == s_pong.Length)
        {
            _filled = 0;
        }
    }

    private void Keep(int consumed)
    {
        _filled -= consumed;
        Buffer.BlockCopy(_buffer, consumed, _buffer, 0, _filled);
        if (_filled <= 2)
        {
            // Line breaks between messages are not a message that began.
            Volatile.Write(ref _partialSince, 0);
        }
        else if (consumed > 0 || _partialSince == 0)
        {
            Volatile.Write(ref _partialSince, _stack.Wheel.Time.GetTimestamp());
        }
    }

    private void MakeRoom()
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        }
        else if (_filled == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var (bytes, observer) in _queue.Reader.ReadAllAsync())
            {
                if (!await TryWriteAsync(bytes))
                {
                    observer?.OnSendFailed();
                    Close();
                    break;
                }

                Interlocked.Add(ref _queuedBytes, -bytes.Length);
                if (bytes.Length > s_ping.Length)
                {
                    // Keep-alives of ours are no sign that anybody is there.
                    Touch();
                }
            }
        }
        finally
        {
            Close();
            await EndStreamAsync();
        }
    }

    /// <summary>Says goodbye inside TLS, so that the peer can tell the end from a cut, and closes.</summary>
    private async Task EndStreamAsync()
    {
        try
        {
            if (_stream is SslStream secured)
            {
                await secured.ShutdownAsync().WaitAsync(_stack.Options.ConnectTimeout);
            }
        }
        catch (Exception failure) when (IsEnd(failure) || failure is TimeoutException or InvalidOperationException or NotSupportedException)
        {
            // The peer is gone already, or takes nothing any more.
        }

        await _stream.DisposeAsync();
    }

    private async Task<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // What was queued before the close is still written, but a peer that does not read cannot hold the connection open.
            using var limit = new CancellationTokenSource(_stack.Options.ConnectTimeout);
            await _stream.WriteAsync(bytes, limit.Token);
            return true;
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            LogClosed(Remote, failure.Message);
            return false;
        }
    }

    /// <summary>Lets the answer to a broken message leave before the connection closes.</summary>
    private async Task FlushAsync()
    {
        _queue.Writer.TryComplete();
        await _queue.Reader.Completion.WaitAsync(_stack.Options.ConnectTimeout).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void FailQueued()
    {
        while (_queue.Reader.TryRead(out var unsent))
        {
            unsent.Observer?.OnSendFailed();
        }
    }

    private static bool IsEnd(Exception failure) => failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private void Touch() => Volatile.Write(ref _lastActivity, _stack.Wheel.Time.GetTimestamp());

    [LoggerMessage(20, LogLevel.Debug, "The connection with {Remote} ended: {Reason}")]
    private partial void LogClosed(IPEndPoint remote, string reason);

    [LoggerMessage(21, LogLevel.Warning, "The connection with {Remote} was closed: the peer does not read")]
    private partial void LogTooSlow(IPEndPoint remote);
}
