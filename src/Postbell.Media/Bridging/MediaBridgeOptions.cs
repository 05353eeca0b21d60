using Postbell.Media.Jitter;

namespace Postbell.Media.Bridging;

/// <summary>How two calls are joined.</summary>
public sealed record MediaBridgeOptions
{
    /// <summary>
    /// True sends keys of the first leg on to the other: as RFC 4733 events, or as tones to a peer without them. Either way the first session reports them.
    /// </summary>
    public bool PassKeysFromOne { get; init; } = true;

    /// <summary>The same for keys of the second leg.</summary>
    public bool PassKeysFromOther { get; init; } = true;

    /// <summary>
    /// What a leg hears, again and again, while the peer of the other leg holds the call and sends nothing itself; null for silence.
    /// </summary>
    public PlayList? WhileHeld { get; init; }

    /// <summary>Bounds of the delay where sound is encoded anew.</summary>
    public JitterOptions Jitter { get; init; } = new();
}
