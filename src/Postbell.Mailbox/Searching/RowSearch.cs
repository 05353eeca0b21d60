using Postbell.Mailbox.Messages;

namespace Postbell.Mailbox.Searching;

/// <summary>What a search can know of a message without its structure and bytes.</summary>
internal readonly record struct SearchableRow(
    uint Uid, MessageFlags Flags, long ModSeq, long InternalDate, long Size, MessageKind Kind, int? SentDay, long? SavedAt, long AccountId, long ContentId, long? ThreadId, bool IsIndexed);

/// <summary>Decides criteria by the row and what the index says of it.</summary>
internal static class RowSearch
{
    /// <summary>True when UID, flags and MODSEQ settle the criterion for every message.</summary>
    public static bool NeedsRowOnly(SearchCriterion criterion) => criterion switch
    {
        SearchCriterion.AllOf all => all.Criteria.All(NeedsRowOnly),
        SearchCriterion.Either either => NeedsRowOnly(either.Left) && NeedsRowOnly(either.Right),
        SearchCriterion.Not not => NeedsRowOnly(not.Criterion),
        SearchCriterion.Uids or SearchCriterion.HasFlags or SearchCriterion.ModSeqAtLeast => true,
        _ => false,
    };

    /// <summary>True or false where that settles it; null where the content must be read.</summary>
    public static bool? Decide(SearchCriterion criterion, in SearchableRow row, IndexHits index)
    {
        switch (criterion)
        {
            case SearchCriterion.AllOf all:
                return DecideAll(all, row, index);
            case SearchCriterion.Either either:
                var left = Decide(either.Left, row, index);
                return left == true ? true : Or(left, Decide(either.Right, row, index));
            case SearchCriterion.Not not:
                return !Decide(not.Criterion, row, index);
            case SearchCriterion.Uids uids:
                return Contains(uids.Ranges, row.Uid);
            case SearchCriterion.HasFlags flags:
                return row.Flags.Contains(flags.Flags);
            case SearchCriterion.InternalDate date:
                return Within(Day(row.InternalDate), date.From, date.Before);
            case SearchCriterion.SavedDate date:
                return Within(Day(row.SavedAt ?? row.InternalDate), date.From, date.Before);
            case SearchCriterion.HasEmailId id:
                return id.EmailId == ObjectIds.Email(row.AccountId, row.ContentId);
            case SearchCriterion.HasThreadId id:
                return row.ThreadId is { } thread && id.ThreadId == ObjectIds.Thread(row.AccountId, thread);
            case SearchCriterion.SentDate date:
                return row.SentDay is { } day && Within(DateOnly.FromDayNumber(day), date.From, date.Before);
            case SearchCriterion.Received received:
                return (received.From is not { } from || row.InternalDate >= from.ToUnixTimeMilliseconds())
                    && (received.To is not { } to || row.InternalDate <= to.ToUnixTimeMilliseconds());
            case SearchCriterion.LargerThan size:
                return row.Size > size.Octets;
            case SearchCriterion.SmallerThan size:
                return row.Size < size.Octets;
            case SearchCriterion.ModSeqAtLeast since:
                return row.ModSeq >= since.ModSeq;
            case SearchCriterion.IsKind kind:
                return row.Kind == kind.Kind;
            default:
                return index.RulesOut(criterion, row) ? false : null;
        }
    }

    private static bool? DecideAll(SearchCriterion.AllOf all, in SearchableRow row, IndexHits index)
    {
        bool? verdict = true;
        foreach (var criterion in all.Criteria)
        {
            var one = Decide(criterion, row, index);
            if (one == false)
            {
                return false;
            }

            verdict = one is null ? null : verdict;
        }

        return verdict;
    }

    private static bool? Or(bool? left, bool? right) => right == true ? true : left is null || right is null ? null : false;

    private static bool Contains(IReadOnlyList<UidRange> ascending, uint uid)
    {
        var low = 0;
        var high = ascending.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (uid < ascending[middle].First)
            {
                high = middle - 1;
            }
            else if (uid > ascending[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static DateOnly Day(long milliseconds) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);

    private static bool Within(DateOnly day, DateOnly? from, DateOnly? before) =>
        (from is null || day >= from) && (before is null || day < before);
}
