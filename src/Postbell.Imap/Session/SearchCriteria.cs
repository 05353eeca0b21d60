using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>Turns search keys into what the store understands: sequence numbers, <c>$</c> and \Recent mean something in one session only.</summary>
internal static class SearchCriteria
{
    public static SearchCriterion Of(SearchKey key, SelectedFolder selected, DateTimeOffset now) => key switch
    {
        SearchKey.All => SearchCriterion.All,
        SearchKey.Recent => new SearchCriterion.Uids([new UidRange(Math.Max(1, selected.FirstRecentUid), uint.MaxValue)]),
        SearchKey.Flag flag => Flag(flag),
        SearchKey.Header header => new SearchCriterion.HeaderContains(header.Name, header.Text),
        SearchKey.Content { WithHeaders: true } content => new SearchCriterion.TextContains(content.Text),
        SearchKey.Content content => new SearchCriterion.BodyContains(content.Text),
        SearchKey.Date date => Date(date),
        SearchKey.Age { Older: true } age => new SearchCriterion.Received(null, now.AddSeconds(-(double)age.Seconds)),
        SearchKey.Age age => new SearchCriterion.Received(now.AddSeconds(-(double)age.Seconds), null),
        SearchKey.ModSeq modSeq => new SearchCriterion.ModSeqAtLeast(modSeq.AtLeast),
        SearchKey.Larger larger => new SearchCriterion.LargerThan(larger.Bytes),
        SearchKey.Smaller smaller => new SearchCriterion.SmallerThan(smaller.Bytes),
        SearchKey.Numbers numbers => new SearchCriterion.Uids(selected.UidsOf(numbers.Set, uid: false)),
        SearchKey.Uids uids => new SearchCriterion.Uids(selected.UidsOf(uids.Set, uid: true)),
        SearchKey.Not not => new SearchCriterion.Not(Of(not.Key, selected, now)),
        SearchKey.Or or => new SearchCriterion.Either(Of(or.Left, selected, now), Of(or.Right, selected, now)),
        SearchKey.And and => new SearchCriterion.AllOf([.. and.Keys.Select(k => Of(k, selected, now))]),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static SearchCriterion Flag(SearchKey.Flag flag)
    {
        var has = new SearchCriterion.HasFlags(MessageFlags.Parse([flag.Name]));
        return flag.IsSet ? has : new SearchCriterion.Not(has);
    }

    private static SearchCriterion Date(SearchKey.Date date)
    {
        DateOnly? from = date.Comparison == DateComparison.Before ? null : date.Day;
        DateOnly? before = date.Comparison switch
        {
            DateComparison.Before => date.Day,
            DateComparison.On => date.Day < DateOnly.MaxValue ? date.Day.AddDays(1) : null,
            _ => null,
        };
        return date.Sent ? new SearchCriterion.SentDate(from, before) : new SearchCriterion.InternalDate(from, before);
    }
}
