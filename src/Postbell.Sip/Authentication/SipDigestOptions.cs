namespace Postbell.Sip.Authentication;

/// <summary>How this endpoint challenges (RFC 3261 section 22).</summary>
public sealed record SipDigestOptions
{
    /// <summary>Our realm, shown to everybody who is challenged.</summary>
    public string Realm { get; init; } = "postbell";

    /// <summary>How long one nonce is good; after it the peer is told that it is stale.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Nonces whose use is remembered, against repetition. At the limit all nonces of before the one forgotten are stale.</summary>
    public int RememberedNonces { get; init; } = 4096;

    /// <summary>How long an address that showed good credentials may ask without them before it counts as a stranger again.</summary>
    public TimeSpan ProvenFor { get; init; } = TimeSpan.FromHours(1);
}
