namespace Postbell.Speech;

/// <summary>Why something was not spoken.</summary>
public enum SpeechFailure
{
    /// <summary>It was spoken.</summary>
    None,

    /// <summary>The engine's library is not installed.</summary>
    EngineMissing,

    /// <summary>The engine has no such voice.</summary>
    VoiceMissing,

    /// <summary>The engine answered, but not with audio.</summary>
    EngineFailed,

    /// <summary>The worker process could not be started.</summary>
    WorkerNotStarted,

    /// <summary>The worker process died while it worked on the text.</summary>
    WorkerCrashed,

    /// <summary>The worker process sent something that is not the protocol.</summary>
    BadAnswer,

    /// <summary>It was not ready in time.</summary>
    Late,

    /// <summary>The text crashed the worker twice and is not tried again.</summary>
    Quarantined,

    /// <summary>Too many texts wait already.</summary>
    Busy,

    /// <summary>The text is longer than <see cref="SpeechText.MaxLength"/>.</summary>
    TextTooLong,

    /// <summary>Nothing that can be spoken is left of the text.</summary>
    NothingToSay,

    /// <summary>Speech is being shut down.</summary>
    Stopped,
}
