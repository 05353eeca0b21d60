using Postbell.Directory;
using Postbell.Sip;

namespace Postbell.Telephony.CallRouting;

/// <summary>Which gateway a peer is (reference 1.5): by what its certificate proves, else by its address, else by the credentials it showed.</summary>
public static class GatewayOfPeer
{
    /// <summary>The gateway, whatever its status; null for a stranger. A gateway that its certificate proves is never known by an address.</summary>
    public static Gateway? FindGateway(this Organization organization, SipPeer peer) =>
        (peer.Identity is { } identity ? organization.FindGateway(identity.Names, identity.Covers) : null)
        ?? organization.FindGateway(peer.EndPoint.Address)
        ?? (peer.User is { } user ? organization.FindGatewayByUser(user) : null);
}
