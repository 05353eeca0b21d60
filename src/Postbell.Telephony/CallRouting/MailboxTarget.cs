using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.CallRouting;

/// <summary>Whose mailbox a request outside of calls is about (SUBSCRIBE, MESSAGE), and under which rules.</summary>
/// <param name="Gateway">The peer that sent it.</param>
/// <param name="DialPlan">The dial plan the person was found in.</param>
/// <param name="Policy">The person's policy.</param>
/// <param name="Person">The person.</param>
public sealed record MailboxTarget(Gateway Gateway, DialPlan DialPlan, MailboxPolicy Policy, Person Person)
{
    /// <summary>Reads the Request-URI, in the dial plans of the gateway that asks. Pure: no I/O, no state.</summary>
    /// <returns>The mailbox, or why there is none.</returns>
    public static (MailboxTarget? Target, CallRejection? Rejection) Find(DirectorySnapshot directory, SipRequest request, SipPeer peer)
    {
        var organization = directory.Organization;
        if (organization.FindGateway(peer) is not { Status: not GatewayStatus.Disabled } gateway)
        {
            return (null, CallRejection.GatewayDisabled);
        }

        foreach (var name in organization.HuntGroups.Where(group => group.Gateway == gateway.Name).Select(group => group.DialPlan).Distinct(StringComparer.Ordinal))
        {
            if (organization.FindDialPlan(name) is { } plan
                && directory.FindPerson(name, request.RequestUri.ToString()).Person is { } person && directory.PolicyOf(person) is { } policy)
            {
                return CallSecurity.Problem(plan, gateway, peer, request) is { } mismatch ? (null, mismatch) : (new MailboxTarget(gateway, plan, policy, person), null);
            }
        }

        return (null, CallRejection.UnknownMailbox);
    }
}
