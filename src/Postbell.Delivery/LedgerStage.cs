namespace Postbell.Delivery;

/// <summary>Steps of a message's way as its ledger names them. They are stored: a name never changes.</summary>
public static class LedgerStage
{
    /// <summary>The call was answered.</summary>
    public const string Answered = "answered";

    /// <summary>The caller speaks; what is said reaches the disk every second.</summary>
    public const string Recording = "recording";

    /// <summary>The mailbox was full: the caller was told so and could not speak.</summary>
    public const string MailboxFull = "mailbox_full";

    /// <summary>The recording ended.</summary>
    public const string Recorded = "recorded";

    /// <summary>The message is durable in the spool.</summary>
    public const string Spooled = "spooled";

    /// <summary>The server died during the recording; what there was is in the spool.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The message is composed.</summary>
    public const string Composed = "composed";

    /// <summary>The message is durable in the mailbox.</summary>
    public const string Committed = "committed";

    /// <summary>Lamps and clients were told.</summary>
    public const string Notified = "notified";

    /// <summary>A step failed and is tried again.</summary>
    public const string Retry = "retry";

    /// <summary>Given up after all retries; kept for an administrator.</summary>
    public const string Held = "held";

    /// <summary>The call sounded bad: the network lost or delayed too much of it.</summary>
    public const string PoorAudio = "poor_audio";
}
