namespace Postbell.Mailbox;

/// <summary>A finished message on its way into a mailbox.</summary>
public sealed record MailDelivery
{
    /// <summary>The message, CRLF line ends.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>
    /// Names this delivery for the account. A second delivery with the same key stores nothing and gets the first one's answer,
    /// whatever happened in between.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>
    /// True when the sender was told already that the message is kept (a caller heard "sent"): a full mailbox takes it nevertheless. Whether there is room
    /// must then have been asked before.
    /// </summary>
    public bool IsPromised { get; init; }

    /// <summary>Row of the ledger that comes with the message; null writes none. A repeated delivery writes none either.</summary>
    public LedgerNote? Ledger { get; init; }

    /// <summary>Target folder; made when it does not exist.</summary>
    public string Folder { get; init; } = FolderNames.Inbox;

    /// <summary>Flags it starts with.</summary>
    public MessageFlags Flags { get; init; } = MessageFlags.None;

    /// <summary>Internal date; null is now.</summary>
    public DateTimeOffset? InternalDate { get; init; }
}

/// <summary>A message to append, as IMAP APPEND does.</summary>
public sealed record NewMessage
{
    /// <summary>The message.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>Flags it starts with.</summary>
    public MessageFlags Flags { get; init; } = MessageFlags.None;

    /// <summary>Internal date; null is now.</summary>
    public DateTimeOffset? InternalDate { get; init; }

    /// <summary>Where the bytes are when they came piece by piece.</summary>
    internal MessageSpool? Spool { get; private init; }

    /// <summary>A message that came piece by piece. The spool can be stored once, and is still to be disposed of afterwards.</summary>
    /// <exception cref="MailboxException">The spool's <see cref="MessageSpool.Fault"/>.</exception>
    public static NewMessage Of(MessageSpool spool) => new() { Message = spool.Content, Spool = spool };
}

/// <summary>Where a message was put. It is durable.</summary>
/// <param name="FolderId">The folder.</param>
/// <param name="UidValidity">UIDVALIDITY of the folder.</param>
/// <param name="Uid">UID of the message.</param>
/// <param name="ModSeq">MODSEQ it was stored with.</param>
/// <param name="Duplicate">True when an earlier delivery had the same key: nothing was stored now.</param>
public readonly record struct AppendResult(long FolderId, uint UidValidity, uint Uid, long ModSeq, bool Duplicate);

/// <summary>One message that COPY or MOVE put into another folder (UIDPLUS, RFC 4315).</summary>
/// <param name="SourceUid">UID in the folder it came from.</param>
/// <param name="TargetUid">UID in the folder it went to.</param>
public readonly record struct CopiedMessage(uint SourceUid, uint TargetUid);

/// <summary>Outcome of COPY and MOVE.</summary>
/// <param name="UidValidity">UIDVALIDITY of the target folder.</param>
/// <param name="Messages">Pairs in ascending order of the source UID.</param>
public sealed record CopyResult(uint UidValidity, IReadOnlyList<CopiedMessage> Messages);
