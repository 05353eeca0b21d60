namespace Postbell.Media;

/// <summary>Clips played one after the other without a gap. Immutable.</summary>
public sealed class PlayList
{
    private readonly AudioClip[] _clips;

    /// <summary>A list of clips in the order they are heard.</summary>
    /// <param name="clips">The clips; empty ones are allowed.</param>
    public PlayList(params IEnumerable<AudioClip> clips) => _clips = [.. clips];

    private PlayList(AudioClip[] clips, TimeSpan start, bool isLooped)
    {
        _clips = clips;
        Start = start;
        IsLooped = isLooped;
    }

    /// <summary>The clips in order.</summary>
    public IReadOnlyList<AudioClip> Clips => _clips;

    /// <summary>Where playing begins, from the beginning of the first clip.</summary>
    public TimeSpan Start { get; }

    /// <summary>True when it begins again at its end, until it is cancelled or interrupted.</summary>
    public bool IsLooped { get; }

    /// <summary>Length of all clips together.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(_clips.Sum(c => c.Duration.Ticks));

    /// <summary>A list of one clip.</summary>
    public static implicit operator PlayList(AudioClip clip) => new(clip);

    /// <summary>The same clips, played from a position; the end when it lies behind it.</summary>
    public PlayList From(TimeSpan start) => new(_clips, start < TimeSpan.Zero ? TimeSpan.Zero : start, IsLooped);

    /// <summary>The same clips again and again: music while somebody waits, a ring-back tone. A list without sound stays as it is.</summary>
    public PlayList Looped() => new(_clips, Start, _clips.Any(c => c.Length > 0));
}
