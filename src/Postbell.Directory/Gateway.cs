using System.Net;
using Postbell.Core;

namespace Postbell.Directory;

/// <summary>A SIP peer that may send calls: VoIP gateway, PBX or session border controller. Who is not one is refused.</summary>
public sealed record Gateway
{
    /// <summary>Unique name, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where its requests come from, or the host name that its certificate proves.</summary>
    public required GatewayAddress Address { get; init; }

    /// <summary>Port it listens on, 1 to 65535.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>Transport for requests to it.</summary>
    public GatewayTransport Transport { get; init; } = GatewayTransport.Udp;

    /// <summary>Whether its calls are taken.</summary>
    public GatewayStatus Status { get; init; } = GatewayStatus.Enabled;

    /// <summary>It may be sent lamp notifications.</summary>
    public bool MessageWaitingIndicatorAllowed { get; init; } = true;

    /// <summary>It sits behind address translation: media goes back to where its media comes from, whatever its SDP says.</summary>
    public bool Symmetric { get; init; }

    /// <summary>Whether audio is encrypted (SRTP).</summary>
    public MediaSecurity MediaSecurity { get; init; } = MediaSecurity.Optional;

    /// <summary>Keys of encrypted audio (SDES, RFC 4568) may be in signalling that is not encrypted itself, where who listens can read them.</summary>
    public bool AllowSdesOverClear { get; init; }

    /// <summary>Address for requests to it when <see cref="Address"/> is a range or a name; null when that is one address.</summary>
    public IPAddress? NotifyAddress { get; init; }

    /// <summary>Where notifications go; null for a range or a name without <see cref="NotifyAddress"/>.</summary>
    public IPEndPoint? NotifyEndPoint => (NotifyAddress ?? Address.Host) is { } host ? new IPEndPoint(host, Port) : null;

    /// <summary>True when the gateway may and can be sent lamp notifications.</summary>
    public bool TakesNotifications => MessageWaitingIndicatorAllowed && Status == GatewayStatus.Enabled && NotifyEndPoint is not null;
}
