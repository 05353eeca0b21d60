namespace Postbell.Mailbox.Searching;

/// <summary>
/// How fast the index may follow. With nobody else writing, large batches one after the other cost least. While others write, a batch holds them up for as
/// long as it takes, so batches are small and far between: a tenth of the writer's time.
/// </summary>
internal sealed class IndexingPace
{
    private const int OthersShare = 9;

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(2);

    // Others that write less often than this are not held up by anything they would notice.
    private static readonly TimeSpan s_rarely = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly int _largest;
    private long _since;
    private long _writes = -1;

    /// <param name="time">The clock.</param>
    /// <param name="largest">Messages of a batch while nobody else writes.</param>
    public IndexingPace(TimeProvider time, int largest)
    {
        (_time, _largest, Count) = (time, largest, largest);
        _since = time.GetTimestamp();
    }

    /// <summary>Messages the next batch may have.</summary>
    public int Count { get; private set; }

    /// <summary>A batch begins; the window in which others are counted goes back to the end of the one before.</summary>
    public void Begin(long writes) => _writes = _writes < 0 ? writes : _writes;

    /// <summary>A batch has ended: how long to rest before the next one.</summary>
    /// <param name="done">Messages in it.</param>
    /// <param name="took">How long it took, waiting for its turn and the disk included.</param>
    /// <param name="writes">Writes of everybody so far, the batch among them.</param>
    public TimeSpan Rest(int done, TimeSpan took, long writes)
    {
        var others = writes - _writes - 1;
        var busy = others * s_rarely > _time.GetElapsedTime(_since);
        (_since, _writes) = (_time.GetTimestamp(), writes);
        if (!busy || took <= TimeSpan.Zero)
        {
            Count = _largest;
            return TimeSpan.Zero;
        }

        Count = Math.Clamp((int)(done * (s_shortest / took)), 1, _largest);
        var rest = took * OthersShare;
        return rest < s_longestRest ? rest : s_longestRest;
    }
}
