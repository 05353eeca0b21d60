using System.Net;

namespace Postbell.Sip;

/// <summary>Where a request is sent: an address, never a name. Names are resolved before.</summary>
/// <param name="Transport">What it travels in; a WebSocket peer can be sent to only while its own connection is open.</param>
/// <param name="EndPoint">Remote address and port.</param>
/// <param name="ServerName">Over TLS the host name the peer's certificate must carry; null demands the address itself in it.</param>
public readonly record struct SipDestination(SipTransport Transport, IPEndPoint EndPoint, string? ServerName = null);
