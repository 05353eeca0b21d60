using Postbell.Mailbox.Searching;

namespace Postbell.Mailbox;

/// <summary>A condition on messages. Text is compared decoded and without regard to case.</summary>
public abstract record SearchCriterion
{
    private SearchCriterion()
    {
    }

    /// <summary>True when <see cref="Matches"/> can decide: whoever holds the rows of a folder need not ask the store.</summary>
    public bool NeedsRowOnly => RowSearch.NeedsRowOnly(this);

    /// <summary>Decides by UID, flags and MODSEQ alone; only for criteria with <see cref="NeedsRowOnly"/>.</summary>
    public bool Matches(in MessageRow row) =>
        RowSearch.Decide(this, new SearchableRow(row.Uid, row.Flags, row.ModSeq, 0, 0, MessageKind.Mail, null, null, 0, 0, null, IsIndexed: false), IndexHits.None) == true;

    /// <summary>Every message.</summary>
    public static SearchCriterion All { get; } = new AllOf([]);

    /// <summary>All conditions hold.</summary>
    public sealed record AllOf(IReadOnlyList<SearchCriterion> Criteria) : SearchCriterion;

    /// <summary>One condition or the other holds.</summary>
    public sealed record Either(SearchCriterion Left, SearchCriterion Right) : SearchCriterion;

    /// <summary>The condition does not hold.</summary>
    public sealed record Not(SearchCriterion Criterion) : SearchCriterion;

    /// <summary>The UID lies in one of the ranges, which ascend and do not overlap. Sequence numbers are turned into UIDs by the session that knows them.</summary>
    public sealed record Uids(IReadOnlyList<UidRange> Ranges) : SearchCriterion;

    /// <summary>All of the flags are set.</summary>
    public sealed record HasFlags(MessageFlags Flags) : SearchCriterion;

    /// <summary>The internal date's day (UTC) is at least <paramref name="From"/> and before <paramref name="Before"/>; null is open.</summary>
    public sealed record InternalDate(DateOnly? From, DateOnly? Before) : SearchCriterion;

    /// <summary>The day of the Date header, its own zone ignored, lies in the range; null is open. A message without a readable Date never matches.</summary>
    public sealed record SentDate(DateOnly? From, DateOnly? Before) : SearchCriterion;

    /// <summary>The internal date is at or after <paramref name="From"/> and at or before <paramref name="To"/>; null is open.</summary>
    public sealed record Received(DateTimeOffset? From, DateTimeOffset? To) : SearchCriterion;

    /// <summary>Size in octets is above <paramref name="Octets"/>.</summary>
    public sealed record LargerThan(long Octets) : SearchCriterion;

    /// <summary>Size in octets is below <paramref name="Octets"/>.</summary>
    public sealed record SmallerThan(long Octets) : SearchCriterion;

    /// <summary>A header field of the name contains the text; an empty text asks only whether the field is there.</summary>
    public sealed record HeaderContains(string Name, string Text) : SearchCriterion;

    /// <summary>A text part contains the text.</summary>
    public sealed record BodyContains(string Text) : SearchCriterion;

    /// <summary>The header or a text part contains the text.</summary>
    public sealed record TextContains(string Text) : SearchCriterion;

    /// <summary>MODSEQ is at least this (CONDSTORE).</summary>
    public sealed record ModSeqAtLeast(long ModSeq) : SearchCriterion;

    /// <summary>The day (UTC) the message came into the folder is at least <paramref name="From"/> and before <paramref name="Before"/>; null is open. Where it is not known the internal date counts (RFC 8514).</summary>
    public sealed record SavedDate(DateOnly? From, DateOnly? Before) : SearchCriterion;

    /// <summary>EMAILID is this (RFC 8474).</summary>
    public sealed record HasEmailId(string EmailId) : SearchCriterion;

    /// <summary>THREADID is this (RFC 8474).</summary>
    public sealed record HasThreadId(string ThreadId) : SearchCriterion;

    /// <summary>The message is of the kind.</summary>
    public sealed record IsKind(MessageKind Kind) : SearchCriterion;
}
