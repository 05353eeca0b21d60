namespace Postbell.Imap.Protocol;

/// <summary>One key of SEARCH (RFC 3501 section 6.4.4).</summary>
internal abstract record SearchKey
{
    public sealed record All : SearchKey;

    /// <summary>\Recent in this session: the first to be told of the message.</summary>
    public sealed record Recent : SearchKey;

    /// <summary>The flag is set, or not.</summary>
    public sealed record Flag(string Name, bool IsSet) : SearchKey;

    /// <summary>A header holds the text anywhere, in any case; an empty text asks for the header only.</summary>
    public sealed record Header(string Name, string Text) : SearchKey;

    /// <summary>The decoded text of the message holds it; with the headers when they are wanted too.</summary>
    public sealed record Content(string Text, bool WithHeaders) : SearchKey;

    /// <summary>The internal date, or the date of the Date header, disregarding time and zone.</summary>
    public sealed record Date(DateComparison Comparison, DateOnly Day, bool Sent) : SearchKey;

    /// <summary>When the message came into this folder, disregarding time and zone (RFC 8514).</summary>
    public sealed record SaveDate(DateComparison Comparison, DateOnly Day) : SearchKey;

    /// <summary>The message, or a copy of it, with this identifier (RFC 8474).</summary>
    public sealed record EmailId(string Id) : SearchKey;

    /// <summary>Messages of the conversation with this identifier (RFC 8474).</summary>
    public sealed record ThreadId(string Id) : SearchKey;

    /// <summary>Received at least, or at most, so many seconds ago (RFC 5032).</summary>
    public sealed record Age(uint Seconds, bool Older) : SearchKey;

    public sealed record Larger(long Bytes) : SearchKey;

    public sealed record Smaller(long Bytes) : SearchKey;

    public sealed record Numbers(SequenceSet Set) : SearchKey;

    public sealed record Uids(SequenceSet Set) : SearchKey;

    /// <summary>MODSEQ is at least this (RFC 7162 section 3.1.5).</summary>
    public sealed record ModSeq(long AtLeast) : SearchKey;

    /// <summary>Texts in the key are met by their words, in any order and with other endings (RFC 6203).</summary>
    public sealed record Fuzzy(SearchKey Key) : SearchKey;

    public sealed record Not(SearchKey Key) : SearchKey;

    public sealed record Or(SearchKey Left, SearchKey Right) : SearchKey;

    public sealed record And(IReadOnlyList<SearchKey> Keys) : SearchKey;
}

/// <summary>How a SEARCH date is compared.</summary>
internal enum DateComparison
{
    Before,
    On,
    Since,
}
