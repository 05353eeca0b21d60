namespace Postbell.Telephony.Calls;

/// <summary>What a call is doing, for administrators' eyes.</summary>
public enum CallState
{
    /// <summary>Being answered.</summary>
    Connecting,

    /// <summary>A greeting or announcement is playing.</summary>
    Playing,

    /// <summary>The caller is being recorded.</summary>
    Recording,

    /// <summary>Waiting for a key.</summary>
    Menu,

    /// <summary>Over; its message may still be on the way.</summary>
    Ended,
}
