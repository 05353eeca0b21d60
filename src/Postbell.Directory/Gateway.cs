using System.Net;
using Postbell.Core;

namespace Postbell.Directory;

/// <summary>A SIP peer that may send calls: VoIP gateway, PBX or session border controller. Who is not one is refused.</summary>
public sealed record Gateway
{
    /// <summary>Unique name, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where its requests come from: addresses, or a host name, which is looked up, or over TLS proven by its certificate.</summary>
    public required GatewayAddress Address { get; init; }

    /// <summary>Port it listens on, 1 to 65535.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>The port was left open: of a gateway with a host name the DNS is asked for its servers (SRV), and <see cref="Port"/> counts where there are none.</summary>
    public bool HasUsualPort { get; init; }

    /// <summary>Transport for requests to it.</summary>
    public GatewayTransport Transport { get; init; } = GatewayTransport.Udp;

    /// <summary>Whether its calls are taken.</summary>
    public GatewayStatus Status { get; init; } = GatewayStatus.Enabled;

    /// <summary>It may be sent lamp notifications.</summary>
    public bool MessageWaitingIndicatorAllowed { get; init; } = true;

    /// <summary>Calls may be made through it (Play on Phone, find-me). Transfers of its own callers are not touched by this.</summary>
    public bool OutcallsAllowed { get; init; } = true;

    /// <summary>It sits behind address translation: media goes back to where its media comes from, whatever its SDP says.</summary>
    public bool Symmetric { get; init; }

    /// <summary>Codecs of its calls in order of preference; null for those of the server.</summary>
    public IReadOnlyList<VoiceCodec>? Codecs { get; init; }

    /// <summary>How keys are pressed toward it.</summary>
    public KeySending Dtmf { get; init; } = KeySending.Rtp;

    /// <summary>Whether audio is encrypted (SRTP).</summary>
    public MediaSecurity MediaSecurity { get; init; } = MediaSecurity.Optional;

    /// <summary>Keys of encrypted audio (SDES, RFC 4568) may be in signalling that is not encrypted itself, where who listens can read them.</summary>
    public bool AllowSdesOverClear { get; init; }

    /// <summary>Address for requests to it when <see cref="Address"/> is a range or <c>any</c>, or instead of looking its name up; null when that is one address.</summary>
    public IPAddress? NotifyAddress { get; init; }

    /// <summary>Name and password shared with it; null when it is known without.</summary>
    public GatewayDigest? Digest { get; init; }

    /// <summary>Its certificate alone says who it is; false for a host name whose addresses do.</summary>
    public bool IsKnownByCertificate => Address.HostName is not null && Transport == GatewayTransport.Tls;

    /// <summary>The DNS is asked for its addresses: to know it by them, or to send it requests.</summary>
    public bool IsLookedUp => Address.HostName is not null && !(IsKnownByCertificate && NotifyAddress is not null);

    /// <summary>Where notifications go; null for a range without <see cref="NotifyAddress"/>, and for a name, which is looked up.</summary>
    public IPEndPoint? NotifyEndPoint => (NotifyAddress ?? Address.Host) is { } host ? new IPEndPoint(host, Port) : null;

    /// <summary>True when the gateway may and can be sent lamp notifications.</summary>
    public bool TakesNotifications => MessageWaitingIndicatorAllowed && Status == GatewayStatus.Enabled && (NotifyEndPoint is not null || IsLookedUp);
}
