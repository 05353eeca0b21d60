using System.Net;
using Postbell.Core;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Looks at every message of peers that are served, and at every message we send. Called on receive threads and executors: it must be quick, must not
/// block and must not throw.
/// </summary>
public interface ISipTap
{
    /// <summary>A message on its way; the bytes are valid during the call only.</summary>
    /// <param name="direction">Received or sent; a message that is repeated is told again.</param>
    /// <param name="transport">How it travels.</param>
    /// <param name="local">Our address.</param>
    /// <param name="remote">The peer's address.</param>
    /// <param name="message">The whole message as it is on the wire, within TLS in the clear.</param>
    void OnMessage(SipDirection direction, SipTransport transport, IPEndPoint local, IPEndPoint remote, ReadOnlySpan<byte> message);

    /// <summary>The call has this id from now on.</summary>
    void OnNamed(string callId, TraceId id);

    /// <summary>Something worth knowing about the call, one line.</summary>
    void OnNote(string callId, string note);

    /// <summary>The call failed. The first reason counts.</summary>
    /// <param name="callId">SIP Call-ID.</param>
    /// <param name="reason">A name in one word.</param>
    void OnFailed(string callId, string reason);
}
