namespace Postbell.Media;

/// <summary>Counters of the whole engine since its start.</summary>
public sealed record MediaEngineStatistics
{
    /// <summary>Open sessions.</summary>
    public required int Sessions { get; init; }

    /// <summary>RTP packets accepted.</summary>
    public required long PacketsIn { get; init; }

    /// <summary>RTP packets sent.</summary>
    public required long PacketsOut { get; init; }

    /// <summary>Packets dropped because they came from an address that is not the call's peer.</summary>
    public required long ForeignPackets { get; init; }

    /// <summary>Packets dropped because they were no valid RTP or RTCP.</summary>
    public required long MalformedPackets { get; init; }

    /// <summary>SRTP and SRTCP packets dropped because the peer's key did not fit.</summary>
    public required long UnauthenticPackets { get; init; }

    /// <summary>Packets the system did not take for sending.</summary>
    public required long SendFailures { get; init; }

    /// <summary>Ticks of the engine threads that had sessions to serve.</summary>
    public required long Ticks { get; init; }

    /// <summary>Ticks left out because a thread was held up for longer than it may catch up.</summary>
    public required long SkippedTicks { get; init; }

    /// <summary>How late ticks began: 99 of 100 were not later than this.</summary>
    public required TimeSpan LatenessP99 { get; init; }

    /// <summary>The latest tick.</summary>
    public required TimeSpan LatenessMax { get; init; }
}
