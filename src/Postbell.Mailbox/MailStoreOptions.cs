namespace Postbell.Mailbox;

/// <summary>Where the store lives and its limits.</summary>
public sealed record MailStoreOptions
{
    /// <summary>Folder that holds <c>postbell.db</c> and <c>blobs/</c>; made when missing, readable by the owner only.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// PBKDF2-SHA256 rounds for new passwords and PINs. Stored with each, so a change touches new ones only. Above 65,536 clients built on Cyrus SASL
    /// refuse SCRAM.
    /// </summary>
    public int PasswordIterations { get; init; } = 65_536;

    /// <summary>Largest message in octets.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest greeting in bytes: 10 minutes of linear 8 kHz audio.</summary>
    public int MaxGreetingBytes { get; init; } = 10 * 60 * 16_000;

    /// <summary>Folders one account may have.</summary>
    public int MaxFolders { get; init; } = 10_000;

    /// <summary>How much an account's mailbox may hold; asked anew for each delivery, so a change holds at once. Called on any thread.</summary>
    public Func<Account, MailboxQuota> QuotaOf { get; init; } = static _ => MailboxQuota.Unlimited;

    /// <summary>How long an account's mailbox keeps what; asked anew each time. Called on any thread.</summary>
    public Func<Account, MailboxRetention> RetentionOf { get; init; } = static _ => MailboxRetention.None;

    /// <summary>Keeps a full-text index of headers, texts and transcripts; without it every search for text reads every message.</summary>
    public bool IndexText { get; init; } = true;

    /// <summary>Octets read a second while everything is read through in the background; 0 never reads.</summary>
    public long ScrubOctetsPerSecond { get; init; } = 4 * 1024 * 1024;

    /// <summary>Time from the beginning of one such round to the next.</summary>
    public TimeSpan ScrubEvery { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Expunged UIDs that are remembered for each folder at least; who was away longer learns them by comparing (RFC 7162).</summary>
    public int ExpungedLogLength { get; init; } = 10_000;

    /// <summary>How long the key of a delivery is remembered, so that the same delivery does not come twice.</summary>
    public TimeSpan DeliveryKeyRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the ledger of a message is kept after its last step.</summary>
    public TimeSpan LedgerRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Does nothing in the background (removes nothing, checks nothing): for looking into a backup.</summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>Rows of opened folders that are kept in memory, all folders together, about 32 bytes each: those opened last.</summary>
    public long MaxRowsInMemory { get; init; } = 1_000_000;

    /// <summary>Read connections, each with a snapshot of its own while in use.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Most writes that may wait for the writer; the next one waits for room.</summary>
    public int MaxWaitingWrites { get; init; } = 4096;
}
