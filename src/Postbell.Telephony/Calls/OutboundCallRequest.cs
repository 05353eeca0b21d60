using Postbell.Directory;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <summary>A call that we are to make through a gateway (reference 1.12).</summary>
public sealed record OutboundCallRequest
{
    /// <summary>Dial plan whose rules hold for the audio.</summary>
    public required DialPlan DialPlan { get; init; }

    /// <summary>The gateway; see <see cref="OutboundGateways"/>.</summary>
    public required Gateway Gateway { get; init; }

    /// <summary>Where the gateway is, in the order to try; empty, as usual, takes what <see cref="GatewayNames.DestinationsOf"/> says.</summary>
    public IReadOnlyList<SipDestination> Destinations { get; init; } = [];

    /// <summary>Dial string: digits, <c>+ * #</c>, or a user name.</summary>
    public required string Number { get; init; }

    /// <summary>Codecs to offer, unless the gateway has its own.</summary>
    public SdpVoice Voice { get; init; } = SdpVoice.Narrow;

    /// <summary>Number of the caller to show: an extension or the pilot.</summary>
    public required string CallerNumber { get; init; }

    /// <summary>Name of the caller to show, or null.</summary>
    public string? CallerName { get; init; }

    /// <summary>True tells the gateway who calls, but asks it to tell nobody else (RFC 3323, RFC 3325).</summary>
    public bool WithholdCaller { get; init; }

    /// <summary>How long it may ring.</summary>
    public TimeSpan RingTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The call that this one is made for; its diversions go on in the new one. Null when it is made on nobody's behalf.</summary>
    public InboundCall? OnBehalfOf { get; init; }
}
