namespace Postbell.Telephony.CallAnswering;

/// <summary>What became of an answered call; the metric label is the name in lower case.</summary>
public enum CallResult
{
    /// <summary>No message and no note: the policy wants none.</summary>
    NoMessage,

    /// <summary>A voice message was submitted.</summary>
    Message,

    /// <summary>A missed-call note was submitted.</summary>
    MissedCall,

    /// <summary>It could not be made durable; the log says why.</summary>
    Failed,
}
