using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.Calls;

namespace Postbell.Telephony.CallRouting;

/// <summary>Finds out what a call is: gateway, hunt group, dial plan, called person, caller (reference 1.6 to 1.8). Pure: no I/O, no state.</summary>
public static class CallRouter
{
    /// <summary>Routes an INVITE of a known peer.</summary>
    /// <returns>The route, or why there is none.</returns>
    public static (CallRoute? Route, CallRejection? Rejection) Route(DirectorySnapshot directory, SipRequest invite, SipPeer peer)
    {
        var organization = directory.Organization;
        var gateway = organization.FindGateway(peer);
        switch (gateway?.Status)
        {
            case null or GatewayStatus.Disabled:
                return (null, CallRejection.GatewayDisabled);
            case GatewayStatus.NoNewCalls:
                return (null, CallRejection.GatewayNoNewCalls);
        }

        var group = organization.MatchPilot(gateway, invite.RequestUri.ToString());
        if (group is null || organization.FindDialPlan(group.DialPlan) is not { } plan)
        {
            return (null, CallRejection.UnknownPilot);
        }

        if (CallSecurity.Problem(plan, gateway, peer, invite) is { } mismatch)
        {
            return (null, mismatch);
        }

        if (OutboundIdentity.DiversionsOf(invite) > OutboundIdentity.MostDiversions)
        {
            return (null, CallRejection.Loop);
        }

        foreach (var candidate in CalledPartyResolution.Candidates(invite))
        {
            if (directory.FindPerson(plan.Name, candidate.Address).Person is { } person && directory.PolicyOf(person) is { } policy)
            {
                return (RouteTo(directory, invite, gateway, group, plan, person, policy, candidate), null);
            }
        }

        return (null, CallRejection.UnknownMailbox);
    }

    private static CallRoute RouteTo(
        DirectorySnapshot directory,
        SipRequest invite,
        Gateway gateway,
        HuntGroup group,
        DialPlan plan,
        Person person,
        MailboxPolicy policy,
        CalledParty calledParty)
    {
        var calling = CallingParty.Of(invite);
        return new CallRoute
        {
            Gateway = gateway,
            HuntGroup = group,
            DialPlan = plan,
            GatewayPilots = [.. directory.Organization.HuntGroups.Where(other => other.Gateway == gateway.Name).SelectMany(other => other.PilotIdentifiers)],
            Person = person,
            Policy = policy,
            CalledParty = calledParty,
            CallingParty = calling,
            Caller = directory.FindCaller(plan.Name, calling.Number),
        };
    }
}
