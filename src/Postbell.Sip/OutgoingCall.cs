using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <summary>A call we make.</summary>
public sealed record OutgoingCall
{
    /// <summary>Request-URI.</summary>
    public required SipUri RequestUri { get; init; }

    /// <summary>Address it is sent to.</summary>
    public required SipDestination Destination { get; init; }

    /// <summary>Further addresses of the same peer, tried in order where one does not answer or says 503 (RFC 3263 section 4.3).</summary>
    public IReadOnlyList<SipDestination> Alternatives { get; init; } = [];

    /// <summary>Who calls.</summary>
    public required NameAddress From { get; init; }

    /// <summary>Who is called; null is the Request-URI.</summary>
    public NameAddress? To { get; init; }

    /// <summary>Our offer; empty asks the peer for one, which is answered with <see cref="OutgoingInvite.Acknowledge"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Its type.</summary>
    public string ContentType { get; init; } = "application/sdp";

    /// <summary>Further headers, such as Diversion.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];

    /// <summary>
    /// How long the call may ring; then it is cancelled and fails with 487 (or a local 408 when nobody answered at all). It is said in Expires
    /// (RFC 3261 section 13.2.1). Null leaves it to the peers.
    /// </summary>
    public TimeSpan? RingTime { get; init; }

    /// <summary>
    /// Where a redirected call (3xx) may go: the address for a URI that a Contact names, null for one that is not allowed. Without it no redirection
    /// is followed. Called on the call's executor; it may not wait.
    /// </summary>
    public Func<SipUri, SipDestination?>? RedirectTo { get; init; }

    /// <summary>Most addresses a call is tried at besides the first, all redirections together.</summary>
    public int MaxRedirects { get; init; } = 5;
}
