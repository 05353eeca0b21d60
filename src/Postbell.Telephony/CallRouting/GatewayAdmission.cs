using Postbell.Directory;
using Postbell.Sip;

namespace Postbell.Telephony.CallRouting;

/// <summary>Only configured gateways are heard (reference 1.5). A disabled one is let in to be told so.</summary>
public sealed class GatewayAdmission(PeopleDirectory directory) : ISipPeerPolicy
{
    /// <summary>True for the certificate or the address of a configured gateway.</summary>
    public bool Admits(SipPeer peer) => directory.Current.Organization.FindGateway(peer) is not null;
}
