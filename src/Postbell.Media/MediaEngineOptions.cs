namespace Postbell.Media;

/// <summary>Settings of the media engine.</summary>
public sealed record MediaEngineOptions
{
    /// <summary>Engine threads; each serves its sessions alone. 1 to 64.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>First port of the RTP range; RTP takes even ports, RTCP the next. 0 lets the system choose every port.</summary>
    public int FirstPort { get; init; } = 20000;

    /// <summary>Last port of the RTP range.</summary>
    public int LastPort { get; init; } = 29999;

    /// <summary>How long a call that is not on hold may be without any packet before <see cref="IMediaSessionEvents.OnRtpTimeout"/>.</summary>
    public TimeSpan RtpTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Mean time between RTCP reports of a session (RFC 3550, 6.2).</summary>
    public TimeSpan RtcpInterval { get; init; } = TimeSpan.FromSeconds(5);
}
