using System.Net;

namespace Postbell.Sip;

/// <summary>Who sent a message, as far as the transport knows.</summary>
/// <param name="EndPoint">Address and port it came from.</param>
/// <param name="Transport">What it came over.</param>
/// <param name="Identity">The names its certificate proves; null where no certificate was asked for.</param>
/// <param name="User">The user whose credentials the request showed; null where none were demanded.</param>
public readonly record struct SipPeer(IPEndPoint EndPoint, SipTransport Transport, SipPeerIdentity? Identity = null, string? User = null);
