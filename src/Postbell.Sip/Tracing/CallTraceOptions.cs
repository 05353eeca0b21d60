namespace Postbell.Sip.Tracing;

/// <summary>How much is kept of the signalling of calls.</summary>
public sealed record CallTraceOptions
{
    /// <summary>Bytes of messages of all calls together; past it the oldest ended calls are forgotten, and with none left messages are not kept.</summary>
    public int MaxBytes { get; init; } = 32 << 20;

    /// <summary>Most calls that are remembered, running ones included.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Most messages of one call, 16 or more. The first eight stay, of the others the newest.</summary>
    public int MaxMessagesPerCall { get; init; } = 128;

    /// <summary>Bytes of messages of one call; past it the oldest but the first eight go.</summary>
    public int MaxBytesPerCall { get; init; } = 128 << 10;

    /// <summary>Bytes kept of one message, at most 8192.</summary>
    public int MaxMessageBytes { get; init; } = 8192;

    /// <summary>Bytes kept of a message's body.</summary>
    public int MaxBodyBytes { get; init; } = 4096;

    /// <summary>A call without any message for so long is forgotten once it has ended; one that seems to run still, after a day.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after a failure its trace is taken to be complete.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(2);
}
