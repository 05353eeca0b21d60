namespace Postbell.Sip.Transport;

/// <summary>What comes on a connection before its first message.</summary>
/// <param name="Tls">The TLS handshake; null without a certificate.</param>
/// <param name="WebSockets">The WebSocket handshake.</param>
internal sealed record ConnectionDoors(TlsHandshakes? Tls, WebSocketUpgrades WebSockets);
