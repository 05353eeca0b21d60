namespace Postbell.Media.Rtp;

/// <summary>What a payload type means in one session.</summary>
internal enum PayloadKind : byte
{
    /// <summary>Not agreed: dropped.</summary>
    Unknown,

    /// <summary>G.711 mu-law.</summary>
    Mu,

    /// <summary>G.711 A-law.</summary>
    A,

    /// <summary>Comfort noise (RFC 3389): taken as silence.</summary>
    ComfortNoise,

    /// <summary>Key presses (RFC 4733).</summary>
    TelephoneEvent,
}
