namespace Postbell.Telephony.CallAnswering;

/// <summary>What a key does in the menus after a recording (reference 3.4).</summary>
internal enum ReviewAction
{
    /// <summary>The key has no meaning here.</summary>
    Invalid,

    /// <summary>No key was pressed.</summary>
    NoInput,

    /// <summary>Level 1: keep the recording and go to the message options.</summary>
    Accept,

    /// <summary>Level 1: hear the recording.</summary>
    Replay,

    /// <summary>Level 1: erase and record again.</summary>
    RecordAgain,

    /// <summary>Level 1: go on recording at the end.</summary>
    Continue,

    /// <summary>Level 1: drop the recording.</summary>
    Cancel,

    /// <summary>Both levels: say the menu again.</summary>
    Repeat,

    /// <summary>Level 2: send.</summary>
    Send,

    /// <summary>Level 2: set or take back high importance.</summary>
    ToggleUrgent,

    /// <summary>Level 2: set or take back the private mark.</summary>
    TogglePrivate,

    /// <summary>Level 2: back to level 1.</summary>
    Back,
}
