namespace Postbell.Media.Recording;

/// <summary>Where a <see cref="RecordingJournal"/> lives and how it paces its writes.</summary>
public sealed record RecordingJournalOptions
{
    /// <summary>Folder of the segment files; created when missing. One process at a time may use it.</summary>
    public required string Directory { get; init; }

    /// <summary>A segment that has grown past this many bytes is closed and the next one begun.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>How often the audio of all running recordings is written and synced; the most a sudden death can cost a recording.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of one audio buffer (one byte is 125 us of speech).</summary>
    public int ChunkBytes { get; init; } = 8000;

    /// <summary>
    /// Audio that may wait in memory for a slow disk, over all recordings. From half of it on no new recording is begun; past it audio is
    /// lost, which is counted and leaves a marked gap.
    /// </summary>
    public long MaxBufferedBytes { get; init; } = 256L << 20;

    /// <summary>How often a segment that holds little that is still needed is looked for, to be given up.</summary>
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Disk space kept in reserve for the recordings that run already: below it no new one is begun.</summary>
    public long MinimumFreeBytes { get; init; } = 128L << 20;
}
