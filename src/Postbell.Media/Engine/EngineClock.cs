namespace Postbell.Media.Engine;

/// <summary>Time of an engine: nanoseconds since its start, and Unix time beside it.</summary>
internal sealed class EngineClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly double _nsPerUnit = 1e9 / time.TimestampFrequency;

    /// <summary>Nanoseconds since the start; never goes back.</summary>
    public long NowNs => (long)((time.GetTimestamp() - _start) * _nsPerUnit);

    /// <summary>Nanoseconds since 1970; may be set by the system.</summary>
    public long UnixNs => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
