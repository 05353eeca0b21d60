namespace Postbell.Media;

/// <summary>Why a recording ended.</summary>
public enum RecordEnd
{
    /// <summary>One of the stop keys was pressed.</summary>
    Digit,

    /// <summary>Nobody spoke for <see cref="RecordLimits.SilenceTimeout"/>.</summary>
    Silence,

    /// <summary><see cref="RecordLimits.MaxDuration"/> was reached.</summary>
    MaxDuration,

    /// <summary>The token was cancelled or the session was closed: hang-up. What was recorded until then is in the sink.</summary>
    Cancelled,
}
