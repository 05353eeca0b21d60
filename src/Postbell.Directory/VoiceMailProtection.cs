namespace Postbell.Directory;

/// <summary>Which messages of callers without sign-in are protected.</summary>
public enum VoiceMailProtection
{
    /// <summary>None; callers are not offered to mark a message private.</summary>
    None,

    /// <summary>Those that the caller marked private.</summary>
    Private,

    /// <summary>All.</summary>
    All,
}
