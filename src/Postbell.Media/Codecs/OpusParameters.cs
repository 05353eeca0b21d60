namespace Postbell.Media.Codecs;

/// <summary>What a peer asks of our Opus encoder by <c>a=fmtp</c> (RFC 7587, 6.1).</summary>
public sealed record OpusParameters
{
    /// <summary>What holds when nothing is said.</summary>
    public static readonly OpusParameters Default = new();

    /// <summary>It can use repeated frames against loss.</summary>
    public bool ForwardCorrection { get; init; }

    /// <summary>It wants every packet of one length.</summary>
    public bool ConstantBitRate { get; init; }

    /// <summary>It would rather have nothing while nobody speaks (DTX).</summary>
    public bool Discontinuous { get; init; }

    /// <summary>Most bits a second it wants on average, 6000 to 510000; null when not said.</summary>
    public int? MaxAverageBitRate { get; init; }
}
