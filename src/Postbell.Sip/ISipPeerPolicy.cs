using Postbell.Sip.Authentication;

namespace Postbell.Sip;

/// <summary>Says who may speak to this endpoint. Called on the receive path from many threads: no waiting, no look-ups.</summary>
public interface ISipPeerPolicy
{
    /// <summary>
    /// True for a peer that is known by where it comes from, by its certificate or, once its credentials were good, by <see cref="SipPeer.User"/>. False
    /// answers every request of this peer with 403, unless <see cref="ChallengesFor"/> says how it may prove itself.
    /// </summary>
    bool Admits(SipPeer peer);

    /// <summary>The algorithms, best first, in which requests of this peer, known or not, must show credentials; empty when they need none.</summary>
    IReadOnlyList<DigestAlgorithm> ChallengesFor(SipPeer peer) => [];

    /// <summary>The credentials of this user, if it may come from there; null for nobody.</summary>
    SipCredentials? FindCredentials(SipPeer peer, string user) => null;

    /// <summary>Our credentials at this peer, for its challenges; null when we have none.</summary>
    SipCredentials? CredentialsFor(SipPeer peer) => null;
}
