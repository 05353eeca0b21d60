namespace Postbell.Smtp.Outbound;

/// <summary>How messages go to other servers.</summary>
public sealed record OutboundOptions
{
    /// <summary>Folder of the queue; made when it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>Our host name in reports.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Address that reports come from.</summary>
    public string ReportAddress { get; init; } = "postmaster@localhost";

    /// <summary>Waits before the second, third, ... attempt; the last one repeats.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <summary>A recipient that was not reached for this long is given up, and the sender is told.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>The sender is warned when a message waits for this long.</summary>
    public TimeSpan WarnAfter { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Most messages in the queue; past it none is taken.</summary>
    public int Capacity { get; init; } = 50_000;
}
