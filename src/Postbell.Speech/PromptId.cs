namespace Postbell.Speech;

/// <summary>Everything a caller can hear from the prompt catalogue. The texts stand in <c>prompts/LANGUAGE/prompts.yaml</c> under these names.</summary>
public enum PromptId
{
    /// <summary>Greeting of somebody without a recorded one; slot name.</summary>
    GreetingWithName,

    /// <summary>The same when there is no name that can be spoken.</summary>
    GreetingWithoutName,

    /// <summary>After the greeting: what to do.</summary>
    RecordAfterTone,

    /// <summary>Key 1 of the menu after a recording.</summary>
    MenuAccept,

    /// <summary>Key 2 of the menu after a recording.</summary>
    MenuReplay,

    /// <summary>Key 3 of the menu after a recording.</summary>
    MenuRecordAgain,

    /// <summary>Key 4 of the menu after a recording.</summary>
    MenuContinue,

    /// <summary>Key * of the menu after a recording.</summary>
    MenuCancel,

    /// <summary>Key 0 of both menus.</summary>
    MenuRepeat,

    /// <summary>Key # of the menu for sending.</summary>
    MenuSend,

    /// <summary>Key 1 of the menu for sending.</summary>
    MenuMarkUrgent,

    /// <summary>Key 1 of the menu for sending when the message is urgent already.</summary>
    MenuClearUrgent,

    /// <summary>Key 2 of the menu for sending, where the policy allows private messages.</summary>
    MenuMarkPrivate,

    /// <summary>Key 2 of the menu for sending when the message is private already.</summary>
    MenuClearPrivate,

    /// <summary>Key * of the menu for sending.</summary>
    MenuBack,

    /// <summary>The message was made urgent.</summary>
    MarkedUrgent,

    /// <summary>The message is not urgent any more.</summary>
    UrgentCleared,

    /// <summary>The message was made private.</summary>
    MarkedPrivate,

    /// <summary>The message is not private any more.</summary>
    PrivateCleared,

    /// <summary>Before the recording is played to the caller.</summary>
    PlayingBack,

    /// <summary>The recording was erased, another follows.</summary>
    RecordAgain,

    /// <summary>The recording goes on.</summary>
    ContinueRecording,

    /// <summary>The message is safely stored and on its way. Never said before it is.</summary>
    MessageSent,

    /// <summary>The message was dropped.</summary>
    MessageCancelled,

    /// <summary>The recording has no speech in it.</summary>
    TooShort,

    /// <summary>Nobody pressed a key.</summary>
    StillThere,

    /// <summary>The recording reached the longest duration.</summary>
    MaximumLengthReached,

    /// <summary>The key means nothing here.</summary>
    PleaseTryAgain,

    /// <summary>The recording stopped for a reason of ours; what there is was kept.</summary>
    RecordingInterrupted,

    /// <summary>The message could not be stored.</summary>
    RecordingFailed,

    /// <summary>The mailbox is over its quota.</summary>
    MailboxFull,

    /// <summary>The mailbox cannot be used now.</summary>
    MailboxUnavailable,

    /// <summary>Nobody has the number that was called; slot number.</summary>
    NobodyAtNumber,

    /// <summary>Before hanging up.</summary>
    Goodbye,
}
