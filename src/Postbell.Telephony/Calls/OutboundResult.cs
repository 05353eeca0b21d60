namespace Postbell.Telephony.Calls;

/// <summary>What became of a call we made.</summary>
public enum OutboundResult
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>Busy (486, 600).</summary>
    Busy,

    /// <summary>Nobody answered in time (408, 480, 487).</summary>
    NoAnswer,

    /// <summary>The number does not exist or may not be called (other 4xx and 6xx).</summary>
    Refused,

    /// <summary>The gateway could not be reached, or failed (5xx).</summary>
    Failed,

    /// <summary>It was given up from our side.</summary>
    GivenUp,

    /// <summary>It would have come back to us: the number is a pilot of ours, or the call was diverted too often.</summary>
    Loop,
}
