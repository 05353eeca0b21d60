using System.Net;

namespace Postbell.Sip;

/// <summary>A place to listen.</summary>
/// <param name="Transport">What is served there.</param>
/// <param name="EndPoint">Local address and port; port 0 takes a free one.</param>
public readonly record struct SipListen(SipTransport Transport, IPEndPoint EndPoint);
