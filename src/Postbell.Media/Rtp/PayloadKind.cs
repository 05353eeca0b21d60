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

    /// <summary>G.722.</summary>
    G722,

    /// <summary>Opus.</summary>
    Opus,

    /// <summary>Comfort noise (RFC 3389): how the line sounds while the peer sends nothing.</summary>
    ComfortNoise,

    /// <summary>Comfort noise with another clock than 8000: its level is taken, its spectrum belongs to another sample rate.</summary>
    WideComfortNoise,

    /// <summary>Key presses (RFC 4733) with a clock of 8000.</summary>
    TelephoneEvent,

    /// <summary>Key presses with the clock of Opus.</summary>
    WideTelephoneEvent,
}
