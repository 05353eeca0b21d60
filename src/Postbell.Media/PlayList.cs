namespace Postbell.Media;

/// <summary>Clips played one after the other without a gap. Immutable.</summary>
public sealed class PlayList
{
    private readonly AudioClip[] _clips;

    /// <summary>A list of clips in the order they are heard.</summary>
    /// <param name="clips">The clips; empty ones are allowed.</param>
    public PlayList(params IEnumerable<AudioClip> clips) => _clips = [.. clips];

    private PlayList(AudioClip[] clips, TimeSpan start)
    {
        _clips = clips;
        Start = start;
    }

    /// <summary>The clips in order.</summary>
    public IReadOnlyList<AudioClip> Clips => _clips;

    /// <summary>Where playing begins, from the beginning of the first clip.</summary>
    public TimeSpan Start { get; }

    /// <summary>Length of all clips together.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(_clips.Sum(c => c.Duration.Ticks));

    /// <summary>A list of one clip.</summary>
    public static implicit operator PlayList(AudioClip clip) => new(clip);

    /// <summary>The same clips, played from a position; the end when it lies behind it.</summary>
    public PlayList From(TimeSpan start) => new(_clips, start < TimeSpan.Zero ? TimeSpan.Zero : start);
}
