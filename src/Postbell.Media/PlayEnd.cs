namespace Postbell.Media;

/// <summary>Why playback ended.</summary>
public enum PlayEnd
{
    /// <summary>Everything was played.</summary>
    Completed,

    /// <summary>A key of the interrupting set was pressed.</summary>
    Interrupted,
}
