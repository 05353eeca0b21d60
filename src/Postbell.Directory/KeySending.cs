namespace Postbell.Directory;

/// <summary>How keys are pressed toward a gateway. What it presses itself is understood in each of these ways, whatever is set.</summary>
public enum KeySending
{
    /// <summary>RTP events (RFC 4733); the tones themselves where a call has no events.</summary>
    Rtp,

    /// <summary>SIP INFO with <c>application/dtmf-relay</c>, or <c>application/dtmf</c> to a gateway that refuses the first.</summary>
    Info,

    /// <summary>The tones themselves, also where a call has events.</summary>
    Inband,
}
