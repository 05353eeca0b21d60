namespace Postbell.Media;

/// <summary>What ends a recording, and how long it waits for what is late.</summary>
public sealed record RecordLimits
{
    /// <summary>Keys that end it; only presses after its start count.</summary>
    public DigitSet StopDigits { get; init; } = DigitSet.Of("#");

    /// <summary>Longest recording.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Ends after this much silence, at the start too; null never does.</summary>
    public TimeSpan? SilenceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the peer may owe audio before silence takes its place. Long where every word counts: what comes late is kept. Short for who listens along:
    /// the sink then hears at once that nothing comes.
    /// </summary>
    public TimeSpan MaxOwed { get; init; } = TimeSpan.FromSeconds(10);
}
