using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>Makes WebSockets of accepted connections. What fails gets an HTTP answer that says why, and counts towards the ban of a stranger.</summary>
internal sealed partial class WebSocketUpgrades(SipWebSocketOptions options, SipStack stack, ILogger log)
{
    private const string AcceptSalt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The server's side of the handshake. Null when it came to nothing; the stream is closed then.</summary>
    public async Task<WebSocket?> AcceptAsync(Stream stream, SipDestination peer, CancellationToken closing)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, stack.Wheel.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing, timeout.Token);
        var spoke = false;
        SipWebSocketFailure? failure;
        try
        {
            var request = await ReadAsync(stream, () => spoke = true, limit.Token);
            failure = request.Failure;
            await stream.WriteAsync(failure is { } why ? Refusal(why) : Acceptance(request), limit.Token);
            if (failure is null)
            {
                stack.Statistics.CountWebSocket();
                return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
                {
                    IsServer = true,
                    SubProtocol = request.Protocol,
                    KeepAliveInterval = options.PingInterval,
                    KeepAliveTimeout = options.PongTimeout,
                });
            }
        }
        catch (OperationCanceledException)
        {
            failure = closing.IsCancellationRequested ? SipWebSocketFailure.PeerClosed : SipWebSocketFailure.Timeout;
        }
        catch (Exception gone) when (TcpConnection.IsEnd(gone))
        {
            failure = SipWebSocketFailure.PeerClosed;
        }

        Count(failure.Value, peer, spoke);
        await stream.DisposeAsync();
        return null;
    }

    private async Task<WebSocketUpgradeRequest> ReadAsync(Stream stream, Action onFirst, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WebSocketUpgradeRequest.LongestHead + 1);
        try
        {
            var filled = 0;
            while (true)
            {
                var received = await stream.ReadAsync(buffer.AsMemory(filled, WebSocketUpgradeRequest.LongestHead + 1 - filled), cancellation);
                if (received == 0)
                {
                    throw new IOException("closed before the end of the request");
                }

                onFirst();
                var searchFrom = Math.Max(0, filled - 3);
                filled += received;
                var end = buffer.AsSpan(searchFrom, filled - searchFrom).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    end += searchFrom + 4;
                    return end < filled ? new(SipWebSocketFailure.EarlyData) : WebSocketUpgradeRequest.Parse(buffer.AsSpan(0, end), options.AllowedOrigins);
                }

                if (filled > WebSocketUpgradeRequest.LongestHead)
                {
                    return new(SipWebSocketFailure.TooLarge);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Acceptance(WebSocketUpgradeRequest request)
    {
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 section 4.2.2 asks for; nothing is kept secret by it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request.Key + AcceptSalt)));
#pragma warning restore CA5350
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: {request.Protocol}\r\n\r\n");
    }

    private static byte[] Refusal(SipWebSocketFailure failure)
    {
        var (status, extra) = failure switch
        {
            SipWebSocketFailure.TooLarge => ("431 Request Header Fields Too Large", ""),
            SipWebSocketFailure.NotGet => ("405 Method Not Allowed", "Allow: GET\r\n"),
            SipWebSocketFailure.NotUpgrade => ("426 Upgrade Required", "Upgrade: websocket\r\n"),
            SipWebSocketFailure.WrongVersion => ("426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
            SipWebSocketFailure.OriginRefused => ("403 Forbidden", ""),
            SipWebSocketFailure.NoSipProtocol => ("400 The subprotocol sip is not offered", ""),
            SipWebSocketFailure.BadKey => ("400 Malformed Sec-WebSocket-Key", ""),
            _ => ("400 Bad Request", ""),
        };
        return Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{extra}Connection: close\r\nContent-Length: 0\r\n\r\n");
    }

    private void Count(SipWebSocketFailure failure, SipDestination peer, bool spoke)
    {
        stack.Statistics.CountWebSocketFailure(failure);
        LogFailed(peer.EndPoint, failure);
        if (spoke || failure != SipWebSocketFailure.PeerClosed)
        {
            stack.OnFailedConnection(new SipPeer(peer.EndPoint, peer.Transport));
        }
    }

    [LoggerMessage(26, LogLevel.Debug, "The WebSocket handshake with {Remote} failed: {Failure}")]
    private partial void LogFailed(IPEndPoint remote, SipWebSocketFailure failure);
}
