using Postbell.Media.Sdp;

namespace Postbell.Telephony;

/// <summary>Settings of the telephone side.</summary>
public sealed record TelephonyOptions
{
    /// <summary>Most calls at once (reference MaxCallsAllowed); the next gets 503.</summary>
    public int MaxCalls { get; init; } = 10_000;

    /// <summary>Most calls that we make at once; 0 makes none.</summary>
    public int MaxOutboundCalls { get; init; } = 100;

    /// <summary>Codecs of calls, but for gateways that have their own.</summary>
    public SdpVoice Voice { get; init; } = SdpVoice.All;

    /// <summary>Host by which this server names itself in <c>ms-diagnostics</c> and message-account URIs.</summary>
    public string ServerName { get; init; } = "postbell";

    /// <summary>Shortest time between two lamp notifications for one mailbox (RFC 3842 section 4.5 asks for at most one a second).</summary>
    public TimeSpan LampPace { get; init; } = TimeSpan.FromSeconds(1);
}
