using Postbell.Directory;
using Postbell.Sip;

namespace Postbell.Telephony.CallRouting;

/// <summary>Through which gateways calls can be made (reference 1.12).</summary>
public static class OutboundGateways
{
    /// <summary>The enabled gateways of a dial plan that allow calls out and whose address is known or is looked up, in the order of the configuration.</summary>
    public static IReadOnlyList<Gateway> For(Organization organization, string dialPlan) =>
        [.. organization.GatewaysOf(dialPlan).Where(
            gateway => gateway is { Status: GatewayStatus.Enabled, OutcallsAllowed: true } && (gateway.NotifyEndPoint is not null || gateway.IsLookedUp))];

    /// <summary>Where calls to a gateway are sent; null when it is known by name, which <see cref="GatewayNames"/> look up.</summary>
    public static SipDestination? DestinationOf(Gateway gateway)
    {
        var transport = gateway.Transport switch
        {
            GatewayTransport.Tls => SipTransport.Tls,
            GatewayTransport.Tcp => SipTransport.Tcp,
            _ => SipTransport.Udp,
        };
        return gateway.NotifyEndPoint is { } endPoint ? new SipDestination(transport, endPoint, gateway.Address.HostName) : null;
    }
}
