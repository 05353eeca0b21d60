using System.Buffers;
using System.Net.WebSockets;
using System.Text.Unicode;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>
/// SIP in WebSocket messages, text or binary, one in each (RFC 7118 section 5). The framework frames, unmasks, answers pings and sends ours. While it waits
/// for a message it owns no buffer.
/// </summary>
internal sealed class WebSocketWire(WebSocket socket, Stream stream, TcpConnection connection, SipStack stack) : IMessageWire
{
    private const int FirstBuffer = 4096;

    private WebSocketCloseStatus? _closeStatus;
    private long _partialSince;

    public long PartialSince => Volatile.Read(ref _partialSince);

    /// <summary>Not ended by the token: a receive that is cancelled tears the connection down, and the goodbye could no longer be said. The end closes it.</summary>
    public async Task ReadAllAsync(SipFlow flow, CancellationToken closing)
    {
        while (connection.IsOpen && socket.State == WebSocketState.Open)
        {
            var next = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (next.MessageType == WebSocketMessageType.Close)
            {
                _closeStatus = WebSocketCloseStatus.NormalClosure;
                return;
            }

            connection.OnReceived();
            if (!next.EndOfMessage && !await TakeMessageAsync(flow))
            {
                _closeStatus = WebSocketCloseStatus.MessageTooBig;
                return;
            }
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        // Text where it can be: what browsers show in their tools. A peer's bytes that come back in our answer need not be UTF-8.
        var type = Utf8.IsValid(bytes.Span) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        await socket.SendAsync(bytes, type, endOfMessage: true, cancellation);
    }

    public async Task EndAsync(bool refused, TimeSpan patience)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var limit = new CancellationTokenSource(patience);
                var status = _closeStatus ?? (refused ? WebSocketCloseStatus.PolicyViolation : WebSocketCloseStatus.EndpointUnavailable);
                await socket.CloseOutputAsync(status, null, limit.Token);
            }
        }
        catch (Exception failure) when (TcpConnection.IsEnd(failure))
        {
            // The peer is gone already, or takes nothing any more.
        }

        socket.Dispose();
        await stream.DisposeAsync();
    }

    /// <summary>Takes the message that has begun; false when it is larger than a SIP message may be.</summary>
    private async Task<bool> TakeMessageAsync(SipFlow flow)
    {
        Volatile.Write(ref _partialSince, stack.Wheel.Time.GetTimestamp());
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    buffer = Enlarge(buffer);
                }

                var received = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    _closeStatus = WebSocketCloseStatus.NormalClosure;
                    return true;
                }

                filled += received.Count;
                if (filled > stack.Options.Limits.MessageBytes)
                {
                    return false;
                }

                if (received.EndOfMessage)
                {
                    Take(buffer.AsSpan(0, filled), flow);
                    return true;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Volatile.Write(ref _partialSince, 0);
        }
    }

    private void Take(ReadOnlySpan<byte> message, SipFlow flow)
    {
        connection.OnReceived();
        connection.EndPing();
        if (message.SequenceEqual(KeepAlive.Ping))
        {
            connection.Send(KeepAlive.Pong, connection.Remote, null);
        }
        else
        {
            stack.Receive(message, flow);
        }
    }

    private static byte[] Enlarge(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
