using Postbell.Media.Quality;

namespace Postbell.Media;

/// <summary>What one session saw of the network so far.</summary>
public sealed record MediaStatistics
{
    /// <summary>Valid RTP packets from the peer.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>Packets of the peer that never came (RFC 3550 sequence numbers).</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Packets that came after a later one and were put in place.</summary>
    public required long Reordered { get; init; }

    /// <summary>Packets that came twice.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Packets that came too late to be used.</summary>
    public required long Late { get; init; }

    /// <summary>Packets from other addresses than the peer's, dropped.</summary>
    public required long Foreign { get; init; }

    /// <summary>Packets that were no valid RTP or had an unknown payload, dropped.</summary>
    public required long Malformed { get; init; }

    /// <summary>True when the call is encrypted.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>Encrypted packets that the peer's key did not fit, dropped.</summary>
    public required long Unauthentic { get; init; }

    /// <summary>Encrypted packets that were here before or are too old to tell, dropped.</summary>
    public required long Replayed { get; init; }

    /// <summary>Times the peer changed its SSRC.</summary>
    public required long SourceChanges { get; init; }

    /// <summary>Interarrival jitter (RFC 3550, 6.4.1).</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>Round trip by the peer's RTCP reports; null before the first.</summary>
    public required TimeSpan? RoundTrip { get; init; }

    /// <summary>Packets of ours the peer says it lost.</summary>
    public required long PeerLost { get; init; }

    /// <summary>Jitter of our packets as the peer sees it; null before its first report.</summary>
    public required TimeSpan? PeerJitter { get; init; }

    /// <summary>Valid RTCP packets from the peer.</summary>
    public required long ReportsReceived { get; init; }

    /// <summary>How the call sounds.</summary>
    public required MediaQuality Quality { get; init; }
}
