namespace Postbell.Media.Recording;

/// <summary>Figures of a <see cref="RecordingJournal"/> since it was opened.</summary>
public sealed record JournalStatistics
{
    /// <summary>Recordings begun and neither completed nor discarded.</summary>
    public int OpenRecordings { get; init; }

    /// <summary>Segment files there are.</summary>
    public int Segments { get; init; }

    /// <summary>Bytes written.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Times the disk was told to sync data.</summary>
    public long Syncs { get; init; }

    /// <summary>Longest sync.</summary>
    public TimeSpan LongestSync { get; init; }

    /// <summary>Recordings completed durably.</summary>
    public long Completed { get; init; }

    /// <summary>Audio waiting in memory, in buffers' bytes.</summary>
    public long BufferedBytes { get; init; }

    /// <summary>Times a recording was refused, or audio met the limit, because the disk was too slow.</summary>
    public long BackPressure { get; init; }

    /// <summary>Audio bytes lost to that limit or to a failed disk; each is a marked gap in its recording.</summary>
    public long LostBytes { get; init; }

    /// <summary>Free bytes on the disk when last looked.</summary>
    public long AvailableBytes { get; init; }

    /// <summary>Segments found at start whose end was torn (the normal trace of a sudden death).</summary>
    public int TornTails { get; init; }

    /// <summary>Damaged places in the middle of segments found at start; what lay behind them was salvaged.</summary>
    public int DamagedPlaces { get; init; }

    /// <summary>Bytes that could not be read at those places and tails.</summary>
    public long DamagedBytes { get; init; }

    /// <summary>Recordings found unfinished at start.</summary>
    public int Interrupted { get; init; }
}
