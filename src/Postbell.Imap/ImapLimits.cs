namespace Postbell.Imap;

/// <summary>Hard limits of the IMAP door: what one client may make the server hold or do. Each has a named refusal.</summary>
public sealed record ImapLimits
{
    /// <summary>Bytes of one line without its literals (RFC 7162 recommends at least 8192).</summary>
    public int LineBytes { get; init; } = 16 * 1024;

    /// <summary>Bytes of one whole command with its literals, before login.</summary>
    public int CommandBytesBeforeLogin { get; init; } = 4 * 1024;

    /// <summary>Bytes of one whole command with its literals, after login; the message of APPEND is not counted.</summary>
    public int CommandBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of one message given to APPEND.</summary>
    public long MessageBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Parentheses within parentheses, also of search keys.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>Ranges in one sequence set.</summary>
    public int SequenceRanges { get; init; } = 10_000;

    /// <summary>Entries of one list: flags, fetch items, header field names, search keys.</summary>
    public int ListEntries { get; init; } = 1_000;

    /// <summary>Bytes of one mailbox name as it is stored (UTF-8).</summary>
    public int MailboxNameBytes { get; init; } = 1_000;

    /// <summary>Characters that one wildcard pattern of LIST may have.</summary>
    public int PatternBytes { get; init; } = 1_000;

    /// <summary>Patterns of one LIST.</summary>
    public int ListPatterns { get; init; } = 100;

    /// <summary>Searches at once that read the store, all people together; of one person it is one.</summary>
    public int SearchesAtOnce { get; init; } = 4;

    /// <summary>Messages that one SORT or THREAD puts in order.</summary>
    public int OrderedMessages { get; init; } = 250_000;

    /// <summary>Connections at once, all clients together.</summary>
    public int Connections { get; init; } = 20_000;

    /// <summary>Connections at once from one address.</summary>
    public int ConnectionsPerAddress { get; init; } = 200;

    /// <summary>Refused logins after which a connection is closed.</summary>
    public int LoginAttempts { get; init; } = 5;

    /// <summary>Commands not understood, one after the other, after which a connection is closed.</summary>
    public int BadCommands { get; init; } = 20;
}
