namespace Postbell.Telephony.Calls;

/// <summary>Why a call was not made; the metric label is the name in lower case.</summary>
public enum OutboundRefusal
{
    /// <summary>It was made.</summary>
    None,

    /// <summary>The number, or that of the caller to show, is no dial string.</summary>
    NotADialString,

    /// <summary>The gateway is disabled or allows no calls out.</summary>
    GatewayNotAllowed,

    /// <summary>The address of the gateway is not known: its name could not be looked up, or it is a range.</summary>
    GatewayNotFound,

    /// <summary>As many calls as <see cref="TelephonyOptions.MaxOutboundCalls"/> are being made.</summary>
    TooManyCalls,

    /// <summary>No RTP port is free.</summary>
    NoMediaPort,

    /// <summary>It would come back to us: the number is a pilot of ours, or the call it is made for was diverted too often.</summary>
    Loop,

    /// <summary>The server stops.</summary>
    ShuttingDown,
}
