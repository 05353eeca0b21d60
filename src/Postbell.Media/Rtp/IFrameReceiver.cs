namespace Postbell.Media.Rtp;

/// <summary>Takes the peer's packets in order.</summary>
internal interface IFrameReceiver
{
    /// <summary>One packet; holes before it are final.</summary>
    void OnFrame(PayloadKind kind, uint timestamp, ReadOnlySpan<byte> payload, long nowNs);

    /// <summary>So many packets before the next frame never came, or will be too late.</summary>
    void OnLost(int packets);

    /// <summary>The peer began another stream: timestamps start anew.</summary>
    void OnStreamChanged();
}
