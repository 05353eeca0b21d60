namespace Postbell.Media.Recording;

/// <summary>Why the journal takes no (more) recordings.</summary>
public enum JournalRefusal
{
    /// <summary>It does take them.</summary>
    None,

    /// <summary>The disk reported an error while syncing: nothing written since can be trusted, so nothing is promised until a restart.</summary>
    SyncFailed,

    /// <summary>The disk reported an error while writing.</summary>
    WriteFailed,

    /// <summary>A write found no space left; ends by itself when space is back. Recordings that ran are lost to their callers, not to the next start.</summary>
    DiskFull,

    /// <summary>Free space is below the reserve for running recordings; ends by itself when space is back.</summary>
    DiskLow,

    /// <summary>The disk is too slow for the audio that comes in; ends by itself.</summary>
    Overloaded,

    /// <summary>The journal was disposed.</summary>
    Closed,
}
