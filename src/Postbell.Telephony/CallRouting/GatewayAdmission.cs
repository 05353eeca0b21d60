using System.Runtime.CompilerServices;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Authentication;

namespace Postbell.Telephony.CallRouting;

/// <summary>Only configured gateways are heard (reference 1.5). A disabled one is let in to be told so.</summary>
public sealed class GatewayAdmission(PeopleDirectory directory) : ISipPeerPolicy
{
    private static readonly DigestAlgorithm[] s_both = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];
    private static readonly DigestAlgorithm[] s_sha256 = [DigestAlgorithm.Sha256];
    private static readonly DigestAlgorithm[] s_md5 = [DigestAlgorithm.Md5];

    // One for each, so that who answers a challenge can tell whether it is the same one.
    private readonly ConditionalWeakTable<GatewayDigest, SipCredentials> _credentials = [];

    private Organization Organization => directory.Current.Organization;

    /// <summary>True for the certificate, the address or the good credentials of a configured gateway.</summary>
    public bool Admits(SipPeer peer) => Organization.FindGateway(peer) is not null;

    /// <summary>Those of a gateway that must show its credentials, and of strangers while some gateway may come from anywhere.</summary>
    public IReadOnlyList<DigestAlgorithm> ChallengesFor(SipPeer peer)
    {
        var organization = Organization;
        var asked = organization.FindGateway(peer with { User = null }) is not { } gateway ? organization.AskedOfStrangers
            : gateway.Digest is { Challenge: true } digest ? digest.Algorithm
            : null;
        return asked is { } hash ? AlgorithmsOf(hash) : [];
    }

    /// <summary>Those of the gateway that the peer is known as, else those of one that may come from anywhere.</summary>
    public SipCredentials? FindCredentials(SipPeer peer, string user)
    {
        var organization = Organization;
        var gateway = organization.FindGateway(peer with { User = null }) ?? organization.FindGatewayByUser(user);
        return gateway?.Digest is { } digest && digest.User == user ? CredentialsOf(digest) : null;
    }

    /// <summary>Those of the gateway.</summary>
    public SipCredentials? CredentialsFor(SipPeer peer) => Organization.FindGateway(peer)?.Digest is { Realm: not null } digest ? CredentialsOf(digest) : null;

    private SipCredentials CredentialsOf(GatewayDigest digest) => _credentials.GetValue(digest, static digest => new SipCredentials
    {
        User = digest.User,
        Password = digest.Password,
        Realm = digest.Realm,
        Algorithms = AlgorithmsOf(digest.Algorithm),
    });

    private static IReadOnlyList<DigestAlgorithm> AlgorithmsOf(GatewayHash hash) => hash switch
    {
        GatewayHash.Sha256 => s_sha256,
        GatewayHash.Md5 => s_md5,
        _ => s_both,
    };
}
