namespace Postbell.Mailbox;

/// <summary>UIDs that are no longer in a folder.</summary>
/// <param name="Uids">Ascending ranges.</param>
/// <param name="IsExact">
/// True when these are exactly the messages expunged after the MODSEQ asked for. False when the log no longer reaches back so far: then these are all UIDs
/// asked for that are not in the folder, which RFC 7162 section 3.2.5.1 allows.
/// </param>
/// <param name="HighestModSeq">Highest MODSEQ of the folder at that instant.</param>
public sealed record VanishedMessages(IReadOnlyList<UidRange> Uids, bool IsExact, long HighestModSeq);
