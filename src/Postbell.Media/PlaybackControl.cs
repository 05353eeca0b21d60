namespace Postbell.Media;

/// <summary>
/// What is being played, in the hand of who listens: it can be paused, moved, played faster or slower and louder or softer while it runs, from any thread.
/// A change is heard within about 20 ms. It keeps its place and its settings when a key interrupts it: playing it again goes on from there. Play it in one
/// session at a time.
/// </summary>
public sealed class PlaybackControl
{
    /// <summary>Lowest <see cref="Speed"/>.</summary>
    public const double Slowest = 0.5;

    /// <summary>Highest <see cref="Speed"/>.</summary>
    public const double Fastest = 2;

    /// <summary>Lowest <see cref="VolumeDb"/>.</summary>
    public const double SoftestDb = -20;

    /// <summary>Highest <see cref="VolumeDb"/>; a limiter keeps it from clipping.</summary>
    public const double LoudestDb = 20;

    private Wishes _wishes = new(1, 0, false, 0, 0);
    private long _positionTicks;
    private int _movesDone;

    /// <summary>A playback that begins where the list says, at normal speed and volume.</summary>
    public PlaybackControl(PlayList list)
    {
        List = list;
        Duration = list.Duration;
        _positionTicks = Within(list.Start).Ticks;
    }

    /// <summary>What is played.</summary>
    public PlayList List { get; }

    /// <summary>Length of the whole list at speed 1.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Where it is, from the beginning of the list at speed 1, to a packet; a move counts as soon as it was asked for.</summary>
    public TimeSpan Position
    {
        get
        {
            var wishes = Volatile.Read(ref _wishes);
            return wishes.Move != Volatile.Read(ref _movesDone) ? TimeSpan.FromTicks(wishes.MoveToTicks) : TimeSpan.FromTicks(Volatile.Read(ref _positionTicks));
        }
    }

    /// <summary>True while it is paused. Nothing is sent then; keys interrupt it all the same.</summary>
    public bool IsPaused => Volatile.Read(ref _wishes).IsPaused;

    /// <summary>Seconds of the recording per second, 0.5 to 2, at the same pitch; what is beyond is taken as the bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number.</exception>
    public double Speed
    {
        get => Volatile.Read(ref _wishes).Speed;
        set => Wish(w => w with { Speed = Bound(value, Slowest, Fastest) });
    }

    /// <summary>Louder or softer than recorded, -20 to 20 dB; what is beyond is taken as the bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number.</exception>
    public double VolumeDb
    {
        get => Volatile.Read(ref _wishes).VolumeDb;
        set => Wish(w => w with { VolumeDb = Bound(value, SoftestDb, LoudestDb) });
    }

    /// <summary>Stops where it is until <see cref="Resume"/>.</summary>
    public void Pause() => Wish(static w => w with { IsPaused = true });

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => Wish(static w => w with { IsPaused = false });

    /// <summary>Goes to a position, from the beginning of the list; what lies outside of it is its beginning or end.</summary>
    public void SeekTo(TimeSpan position) => Wish(w => w with { Move = w.Move + 1, MoveToTicks = Within(position).Ticks });

    /// <summary>Goes on or, with a negative time, back. Steps add up: 5 s back twice is 10 s.</summary>
    public void SeekBy(TimeSpan distance) => Wish(w => w with { Move = w.Move + 1, MoveToTicks = Within(FromPosition(w, distance)).Ticks });

    /// <summary>Where a clip of the list begins, for instance the recording behind the announcement of who called when.</summary>
    /// <param name="clip">Index of the clip; the number of clips is the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such clip.</exception>
    public TimeSpan StartOf(int clip)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(clip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clip, List.Clips.Count);
        return TimeSpan.FromTicks(List.Clips.Take(clip).Sum(static c => c.Duration.Ticks));
    }

    /// <summary>What is wanted now. The engine looks at it for every packet: an unchanged reference is an unchanged wish.</summary>
    internal Wishes Wanted => Volatile.Read(ref _wishes);

    /// <summary>The engine tells where it is.</summary>
    internal void Report(TimeSpan position, int movesDone)
    {
        Volatile.Write(ref _positionTicks, position.Ticks);
        Volatile.Write(ref _movesDone, movesDone);
    }

    private static double Bound(double value, double low, double high) =>
        double.IsNaN(value) ? throw new ArgumentOutOfRangeException(nameof(value), value, "Not a number.") : Math.Clamp(value, low, high);

    private TimeSpan FromPosition(Wishes wishes, TimeSpan distance)
    {
        var from = wishes.Move != Volatile.Read(ref _movesDone) ? wishes.MoveToTicks : Volatile.Read(ref _positionTicks);
        return TimeSpan.FromTicks(from) + TimeSpan.FromTicks(Math.Clamp(distance.Ticks, -TimeSpan.TicksPerDay, TimeSpan.TicksPerDay));
    }

    private TimeSpan Within(TimeSpan position) => position < TimeSpan.Zero ? TimeSpan.Zero : position > Duration ? Duration : position;

    private void Wish(Func<Wishes, Wishes> change)
    {
        Wishes before, after;
        do
        {
            before = Volatile.Read(ref _wishes);
            after = change(before);
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _wishes, after, before), before));
    }

    /// <summary>What who listens wants.</summary>
    /// <param name="Speed">Seconds per second.</param>
    /// <param name="VolumeDb">Gain.</param>
    /// <param name="IsPaused">Nothing is sent.</param>
    /// <param name="Move">Counts moves.</param>
    /// <param name="MoveToTicks">Where the last move goes.</param>
    internal sealed record Wishes(double Speed, double VolumeDb, bool IsPaused, int Move, long MoveToTicks)
    {
        /// <summary>Plays as recorded.</summary>
        public bool IsPlain => Speed == 1 && VolumeDb == 0 && !IsPaused;
    }
}
