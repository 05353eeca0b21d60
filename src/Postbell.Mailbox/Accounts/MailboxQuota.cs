namespace Postbell.Mailbox;

/// <summary>How much a mailbox may hold. Null limits nothing.</summary>
public sealed record MailboxQuota
{
    /// <summary>No limit at all.</summary>
    public static MailboxQuota Unlimited { get; } = new();

    /// <summary>Octets of all messages, each place of a message counted.</summary>
    public long? StorageLimit { get; init; }

    /// <summary>Octets from which on the mailbox counts as nearly full.</summary>
    public long? StorageWarning { get; init; }

    /// <summary>Number of messages.</summary>
    public long? MessageLimit { get; init; }
}

/// <summary>How full a mailbox is.</summary>
public enum QuotaLevel
{
    /// <summary>There is room.</summary>
    Normal,

    /// <summary>There is room yet, but the warning level is reached.</summary>
    Warning,

    /// <summary>A limit is reached: nothing more is taken.</summary>
    Full,
}

/// <summary>What a mailbox holds and may hold (RFC 9208: STORAGE and MESSAGE of its one quota root).</summary>
/// <param name="Octets">Octets of all messages, each place of a message counted.</param>
/// <param name="Messages">Messages in all folders.</param>
/// <param name="Quota">The limits.</param>
public sealed record MailboxUsage(long Octets, long Messages, MailboxQuota Quota)
{
    /// <summary>How full it is.</summary>
    public QuotaLevel Level => Octets >= Quota.StorageLimit || Messages >= Quota.MessageLimit ? QuotaLevel.Full
        : Octets >= Quota.StorageWarning ? QuotaLevel.Warning
        : QuotaLevel.Normal;

    /// <summary>True when so much more would not pass a limit.</summary>
    public bool HasRoomFor(long octets, int messages) =>
        !(Octets + octets > Quota.StorageLimit) && !(Messages + messages > Quota.MessageLimit);
}
