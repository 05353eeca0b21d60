namespace Postbell.Media;

/// <summary>What ends a recording.</summary>
public sealed record RecordLimits
{
    /// <summary>Keys that end it; only presses after its start count.</summary>
    public DigitSet StopDigits { get; init; } = DigitSet.Of("#");

    /// <summary>Longest recording.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Ends after this much silence, at the start too; null never does.</summary>
    public TimeSpan? SilenceTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
