using System.Net;

namespace Postbell.Server.Configuration;

/// <summary>SIP over WebSocket (RFC 7118).</summary>
internal sealed record SipWebSocketDoor
{
    /// <summary>Where it listens in the clear, usually behind a proxy that ends TLS; none unless configured.</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [];

    /// <summary>Where it listens inside TLS.</summary>
    public IReadOnlyList<IPEndPoint> ListenTls { get; init; } = [new(IPAddress.Any, 7443)];

    /// <summary>Origins whose web pages may connect.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Time the handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a quiet connection is pinged.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);
}
