namespace Postbell.Media.Rtp;

/// <summary>What becomes of a packet of our sound.</summary>
internal enum SilenceVerdict
{
    /// <summary>It is sent as it is.</summary>
    Sound,

    /// <summary>Comfort noise is sent in its place.</summary>
    Noise,

    /// <summary>Nothing is sent in its place.</summary>
    Nothing,
}
