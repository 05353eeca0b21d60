namespace Postbell.Telephony.Calls;

/// <summary>Why a call ended; the metric label is the name in lower case.</summary>
public enum CallEnd
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>The caller hung up.</summary>
    Caller,

    /// <summary>Postbell hung up at the end of the conversation.</summary>
    Completed,

    /// <summary>The caller gave up before the call was answered (CANCEL).</summary>
    Cancelled,

    /// <summary>The caller was transferred.</summary>
    Transferred,

    /// <summary>An administrator ended it.</summary>
    Administrator,

    /// <summary>The answer was never acknowledged.</summary>
    NoAck,

    /// <summary>Nothing was heard of the caller's media for too long.</summary>
    MediaTimeout,

    /// <summary>The longest duration of a call was reached.</summary>
    MaxDuration,

    /// <summary>The answer to our own offer could not be used.</summary>
    BadAnswer,

    /// <summary>The peer could not be reached or forgot the call.</summary>
    PeerLost,

    /// <summary>The server stopped.</summary>
    Shutdown,

    /// <summary>A fault in Postbell; the log has it.</summary>
    Fault,
}
