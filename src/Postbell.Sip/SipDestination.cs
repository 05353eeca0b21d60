using System.Net;

namespace Postbell.Sip;

/// <summary>Where a request is sent: an address, never a name. Names are resolved before.</summary>
/// <param name="Transport">UDP or TCP.</param>
/// <param name="EndPoint">Remote address and port.</param>
public readonly record struct SipDestination(SipTransport Transport, IPEndPoint EndPoint);
