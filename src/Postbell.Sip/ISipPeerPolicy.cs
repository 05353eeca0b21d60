namespace Postbell.Sip;

/// <summary>Says who may speak to this endpoint.</summary>
public interface ISipPeerPolicy
{
    /// <summary>False answers every request of this peer with 403. Called on the receive path from many threads: no waiting, no look-ups.</summary>
    bool Admits(SipPeer peer);
}
