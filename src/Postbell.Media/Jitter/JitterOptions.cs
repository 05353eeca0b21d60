namespace Postbell.Media.Jitter;

/// <summary>Bounds of a jitter buffer.</summary>
public sealed record JitterOptions
{
    /// <summary>Delay before anything was measured; 0 to <see cref="Longest"/>.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Least delay, so that a packet may come a little late on the calmest network.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Greatest delay: a packet later than that is lost. At most half a second.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(300);
}
