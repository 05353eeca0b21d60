namespace Postbell.Media.Rtp;

/// <summary>What to do with a packet by where it came from.</summary>
internal enum SourceVerdict
{
    /// <summary>It is the peer's.</summary>
    Accept,

    /// <summary>It may become the peer's: not used yet.</summary>
    Probing,

    /// <summary>It is a stranger's: dropped.</summary>
    Foreign,
}
