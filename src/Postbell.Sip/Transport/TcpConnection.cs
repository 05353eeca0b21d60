using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>
/// One TCP connection, accepted or opened by us: a read loop that frames messages, a write loop behind a bounded queue. A connection that waits
/// for bytes owns no buffer.
/// </summary>
/// <remarks>Invariants: closed exactly once; whoever queued a message that did not leave is told; messages leave in the order they were queued.</remarks>
internal sealed partial class TcpConnection : ISipChannel
{
    private const int FirstBuffer = 4096;

    private readonly Socket _socket;
    private readonly SipStack _stack;
    private readonly ILogger _log;
    private readonly Channel<(ReadOnlyMemory<byte> Bytes, ISendObserver? Observer)> _queue =
        Channel.CreateUnbounded<(ReadOnlyMemory<byte>, ISendObserver?)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private readonly SipStreamFramer _framer;
    private SipFlow? _flow;
    private byte[] _buffer = [];
    private int _filled;
    private int _queuedBytes;
    private int _closed;
    private long _lastActivity;
    private long _partialSince;

    public TcpConnection(Socket socket, IPEndPoint remote, SipStack stack, ILogger log)
    {
        _socket = socket;
        _socket.NoDelay = true;
        Remote = remote;
        _stack = stack;
        _log = log;
        _framer = new SipStreamFramer(stack.Options.Limits);
        Touch();
    }

    public IPEndPoint Remote { get; }

    public bool IsOpen => Volatile.Read(ref _closed) == 0;

    /// <summary>The flow of this connection; before it is up the local port is not known yet.</summary>
    public SipFlow FlowFrom(IPEndPoint local) => _flow ??= new SipFlow(SipTransport.Tcp, local, Remote, this);

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
        try
        {
            if (connect)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                limit.CancelAfter(_stack.Options.ConnectTimeout);
                await _socket.ConnectAsync(Remote, limit.Token);
            }

            var flow = FlowFrom((IPEndPoint)_socket.LocalEndPoint!);
            var writing = WriteAllAsync();
            await ReadAllAsync(flow);
            Close();
            await writing;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            LogClosed(Remote, failure.Message);
        }
        finally
        {
            Close();
            FailQueued();
            ReturnBuffer();
        }
    }

    /// <summary>Closes when idle for too long, or when a message takes too long to arrive.</summary>
    public void CloseIfOverdue()
    {
        var time = _stack.Wheel.Time;
        var partial = Volatile.Read(ref _partialSince);
        if (time.GetElapsedTime(Volatile.Read(ref _lastActivity)) > _stack.Options.ConnectionIdleTimeout
            || (partial != 0 && time.GetElapsedTime(partial) > _stack.Options.MessageArrivalTimeout))
        {
            Close();
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

    private async Task ReadAllAsync(SipFlow flow)
    {
        while (IsOpen)
        {
            if (_filled == 0)
            {
                ReturnBuffer();
                // Wakes when there is something to read, without holding a buffer for the wait.
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _closing.Token);
            }

            MakeRoom();
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, _closing.Token);
            if (received == 0)
            {
                return;
            }

            _filled += received;
            Touch();
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
                        Send("\r\n"u8.ToArray(), Remote, null);
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
                Touch();
            }
        }
        finally
        {
            Close();
            _socket.Dispose();
        }
    }

    private async Task<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                // What was queued before the close is still written, but a peer that does not read cannot hold the connection open.
                using var limit = new CancellationTokenSource(_stack.Options.ConnectTimeout);
                var sent = await _socket.SendAsync(bytes, SocketFlags.None, limit.Token);
                bytes = bytes[sent..];
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
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

        _socket.Dispose();
    }

    private void Touch() => Volatile.Write(ref _lastActivity, _stack.Wheel.Time.GetTimestamp());

    [LoggerMessage(20, LogLevel.Debug, "The connection with {Remote} ended: {Reason}")]
    private partial void LogClosed(IPEndPoint remote, string reason);

    [LoggerMessage(21, LogLevel.Warning, "The connection with {Remote} was closed: the peer does not read")]
    private partial void LogTooSlow(IPEndPoint remote);
}
