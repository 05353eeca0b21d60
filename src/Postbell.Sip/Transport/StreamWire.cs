using System.Buffers;
using System.Net.Security;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>SIP on a byte stream, framed by Content-Length. While it waits for bytes it owns no buffer.</summary>
internal sealed class StreamWire(Stream stream, TcpConnection connection, SipStack stack) : IMessageWire
{
    private const int FirstBuffer = 4096;

    private readonly SipStreamFramer _framer = new(stack.Options.Limits);
    private byte[] _buffer = [];
    private int _filled;
    private long _partialSince;

    public long PartialSince => Volatile.Read(ref _partialSince);

    public async Task ReadAllAsync(SipFlow flow, CancellationToken closing)
    {
        try
        {
            while (connection.IsOpen && await FillAsync(closing))
            {
                TakePong();
                if (!TakeFrames(flow))
                {
                    await connection.FlushAsync();
                    return;
                }
            }
        }
        finally
        {
            ReturnBuffer();
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => await stream.WriteAsync(bytes, cancellation);

    public async Task EndAsync(bool refused, TimeSpan patience)
    {
        try
        {
            if (stream is SslStream secured)
            {
                await secured.ShutdownAsync().WaitAsync(patience);
            }
        }
        catch (Exception failure) when (TcpConnection.IsEnd(failure) || failure is TimeoutException or InvalidOperationException or NotSupportedException)
        {
            // The peer is gone already, or takes nothing any more.
        }

        await stream.DisposeAsync();
    }

    private async Task<bool> FillAsync(CancellationToken closing)
    {
        if (_filled == 0)
        {
            ReturnBuffer();
            // Wakes when there is something to read, without holding a buffer for the wait.
            _ = await stream.ReadAsync(Memory<byte>.Empty, closing);
        }

        MakeRoom();
        var received = await stream.ReadAsync(_buffer.AsMemory(_filled), closing);
        _filled += received;
        connection.OnReceived();
        return received > 0;
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
                        stack.Receive(rest[..length], flow);
                        break;
                    case SipFrame.Ping:
                        connection.Send(KeepAlive.Pong, connection.Remote, null);
                        break;
                    case SipFrame.Broken:
                        stack.ReceiveBroken(rest[..length], flow, failure);
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
        if (!connection.EndPing() || !received.StartsWith(KeepAlive.Pong) || received.StartsWith(KeepAlive.Ping))
        {
            return;
        }

        connection.OnPong();
        if (_filled == KeepAlive.Pong.Length)
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
            Volatile.Write(ref _partialSince, stack.Wheel.Time.GetTimestamp());
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
}
