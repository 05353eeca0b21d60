using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <summary>Why a dialog ended.</summary>
public enum SipDialogEndKind
{
    /// <summary>The peer sent BYE.</summary>
    Bye,

    /// <summary>We sent BYE.</summary>
    LocalBye,

    /// <summary>No ACK came for a 2xx within 64*T1; BYE was sent (RFC 3261 section 13.3.1.4).</summary>
    NoAck,

    /// <summary>The peer could not be reached.</summary>
    TransportFailed,

    /// <summary>The peer no longer knows the dialog (481), or did not answer a request in it (408).</summary>
    PeerGone,

    /// <summary>Nobody refreshed the session before its timer ended; BYE was sent (RFC 4028 section 10).</summary>
    SessionExpired,

    /// <summary>Another call took the place of this one (RFC 3891); BYE was sent.</summary>
    Replaced,
}

/// <summary>The end of a dialog.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Reason">The first Reason of the peer's BYE (RFC 3326) that can be read, or null.</param>
public sealed record SipDialogEnd(SipDialogEndKind Kind, SipReason? Reason = null);
