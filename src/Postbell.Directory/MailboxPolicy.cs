namespace Postbell.Directory;

/// <summary>Settings that many people of one dial plan share.</summary>
public sealed record MailboxPolicy
{
    /// <summary>Unique name, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the dial plan.</summary>
    public required string DialPlan { get; init; }

    /// <summary>Longest personal greeting, 1 to 10 minutes.</summary>
    public TimeSpan MaxGreetingDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A caller who leaves no message leaves a note instead.</summary>
    public bool AllowMissedCallNotifications { get; init; } = true;

    /// <summary>The lamp of the desk phone follows the mailbox.</summary>
    public bool AllowMessageWaitingIndicator { get; init; } = true;

    /// <summary>Text messages that a gateway sends to the person's number (SIP MESSAGE) come into the mailbox.</summary>
    public bool AllowTextMessages { get; init; } = true;

    /// <summary>Which messages of outside callers are protected; also decides whether they are offered the private mark.</summary>
    public VoiceMailProtection ProtectUnauthenticatedVoiceMail { get; init; } = VoiceMailProtection.None;

    /// <summary>Where the messages are kept.</summary>
    public DeliveryMode Delivery { get; init; } = DeliveryMode.Integrated;

    /// <summary>Mail that somebody submits must have addresses of his own in its From header.</summary>
    public bool RequireOwnFrom { get; init; } = true;

    /// <summary>Text added to the body of voice messages, at most 512 characters; null adds none.</summary>
    public string? VoiceMailText { get; init; }

    /// <summary>Octets a mailbox holds from which on it is shown as nearly full; null never.</summary>
    public long? IssueWarningQuota { get; init; }

    /// <summary>Octets a mailbox may hold; once it does, callers are told that it is full and mail is refused. Null is no limit.</summary>
    public long? ProhibitSendReceiveQuota { get; init; }

    /// <summary>Messages a mailbox may hold, with the same effect; null is no limit.</summary>
    public long? MessageCountQuota { get; init; }

    /// <summary>Wrong passwords after which strangers are locked out of an account, 5 to 100000.</summary>
    public int PasswordFailuresBeforeLock { get; init; } = 50;

    /// <summary>How long that lasts, 1 minute to 24 hours.</summary>
    public TimeSpan PasswordLockTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long removed messages can be brought back; zero keeps none.</summary>
    public TimeSpan DeletedItemRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>When messages are removed by themselves; the first rule that fits decides, none is for ever.</summary>
    public IReadOnlyList<PolicyRetentionRule> RetentionRules { get; init; } = [];

    /// <summary>True when callers may mark a message private.</summary>
    public bool OffersPrivate => ProtectUnauthenticatedVoiceMail != VoiceMailProtection.None;

    /// <summary>What a dial plan's own policy is called when the configuration names none for it.</summary>
    public static string DefaultName(string dialPlan) => dialPlan + " Default Policy";
}
