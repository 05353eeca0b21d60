using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Authentication;

/// <summary>
/// Lets a request pass that shows good credentials, where the policy demands some (RFC 3261 section 22.2); all others are challenged without a transaction,
/// so that a flood of them takes no memory. ACK and CANCEL never come here: they cannot be sent again (section 22.1). Runs on receive threads.
/// </summary>
internal sealed class CredentialGate(SipStack stack, ISipPeerPolicy policy, RequestGate gate)
{
    private readonly DigestVerifier _verifier = new(stack.Options.Digest, stack.Wheel.Time);
    private readonly ProvenSources _proven = new(stack.Options.Digest.ProvenFor, stack.Wheel.Time);

    /// <summary>True for an address that showed good credentials a while ago.</summary>
    public bool IsProven(IPAddress address) => _proven.Contains(address);

    /// <summary>True when the request may go on; else it was answered.</summary>
    /// <param name="request">Not ACK, not CANCEL.</param>
    /// <param name="flow">The way it came; gets the user's name.</param>
    public bool Admits(SipRequest request, ref SipFlow flow)
    {
        var peer = flow.Peer;
        var algorithms = policy.ChallengesFor(peer);
        if (algorithms.Count == 0)
        {
            return true;
        }

        var verdict = _verifier.Judge(request, peer.EndPoint.Address, algorithms, user => policy.FindCredentials(peer, user), out var name);
        stack.Statistics.CountAuthentication(verdict);
        if (verdict == DigestVerdict.Good)
        {
            _proven.Add(peer.EndPoint.Address);
            flow = flow with { User = name };
            return true;
        }

        if (!policy.Admits(peer))
        {
            Blame(flow, verdict);
        }

        return verdict switch
        {
            DigestVerdict.Malformed => gate.RefuseCredentials(request, flow, 400, "Malformed Authorization", []),
            DigestVerdict.OtherProtection => gate.RefuseCredentials(request, flow, 400, "Authorization Needs qop=auth", []),
            _ => gate.RefuseCredentials(request, flow, 401, null, _verifier.Challenge(peer.EndPoint.Address, algorithms, verdict == DigestVerdict.Stale)),
        };
    }

    // Without credentials comes who must be challenged first; of a proven address that is no noise, and nobody can forge it to have the address banned.
    private void Blame(SipFlow flow, DigestVerdict verdict)
    {
        var source = flow.Remote.Address;
        if (verdict == DigestVerdict.Wrong)
        {
            stack.Guard.OnWrongCredentials(source);
        }
        else if (!IsProven(source))
        {
            stack.Guard.OnStranger(source, isCall: false, proven: flow.IsReliable);
        }
    }
}
