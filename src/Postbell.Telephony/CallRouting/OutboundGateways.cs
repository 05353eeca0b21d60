using Postbell.Directory;

namespace Postbell.Telephony.CallRouting;

/// <summary>Through which gateways calls can be made (reference 1.12).</summary>
public static class OutboundGateways
{
    /// <summary>The enabled gateways of a dial plan that allow calls out and whose address is known or is looked up, in the order of the configuration.</summary>
    public static IReadOnlyList<Gateway> For(Organization organization, string dialPlan) =>
        [.. organization.GatewaysOf(dialPlan).Where(
            gateway => gateway is { Status: GatewayStatus.Enabled, OutcallsAllowed: true } && (gateway.NotifyEndPoint is not null || gateway.IsLookedUp))];
}
