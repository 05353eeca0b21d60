using Postbell.Sip.Messages;

namespace Postbell.Telephony.Calls;

/// <summary>What the other side is told when we hang up (RFC 3326).</summary>
internal static class CallEndReason
{
    /// <summary>The Reason header for an end that the peer could not know the cause of; none for an ordinary hang-up.</summary>
    public static SipHeader[] ToReason(this CallEnd end) => end switch
    {
        CallEnd.MediaTimeout => [new SipReason("SIP", 408, "No Media").ToHeader()],
        CallEnd.MaxDuration => [new SipReason("SIP", 480, "Longest Call Duration").ToHeader()],
        CallEnd.BadAnswer => [new SipReason("SIP", 488, "Session Description Not Acceptable").ToHeader()],
        CallEnd.Shutdown => [new SipReason("SIP", 503, "Shutting Down").ToHeader()],
        CallEnd.Fault => [new SipReason("SIP", 500, "Server Internal Error").ToHeader()],
        _ => [],
    };
}
