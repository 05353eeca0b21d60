using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>Turns search keys into what the store understands: sequence numbers, <c>$</c> and \Recent mean something in one session only.</summary>
/// <param name="selected">The folder the numbers are of.</param>
/// <param name="now">What ages count from.</param>
/// <param name="looseness">How strictly FUZZY is taken.</param>
internal sealed class SearchCriteria(SelectedFolder selected, DateTimeOffset now, Looseness looseness)
{
    public SearchCriterion Of(SearchKey key) => Of(key, Looseness.Exact);

    private SearchCriterion Of(SearchKey key, Looseness texts) => key switch
    {
        SearchKey.All => SearchCriterion.All,
        SearchKey.Recent => new SearchCriterion.Uids([new UidRange(Math.Max(1, selected.FirstRecentUid), uint.MaxValue)]),
        SearchKey.Flag flag => Flag(flag),
        SearchKey.Header header => All(header.Text, texts, text => new SearchCriterion.HeaderContains(header.Name, text)),
        SearchKey.Content { WithHeaders: true } content => All(content.Text, texts, static text => new SearchCriterion.TextContains(text)),
        SearchKey.Content content => All(content.Text, texts, static text => new SearchCriterion.BodyContains(text)),
        SearchKey.Date date => Date(date),
        SearchKey.SaveDate date => SaveDate(date),
        SearchKey.EmailId email => new SearchCriterion.HasEmailId(email.Id),
        SearchKey.ThreadId thread => new SearchCriterion.HasThreadId(thread.Id),
        SearchKey.Age { Older: true } age => new SearchCriterion.Received(null, now.AddSeconds(-(double)age.Seconds)),
        SearchKey.Age age => new SearchCriterion.Received(now.AddSeconds(-(double)age.Seconds), null),
        SearchKey.ModSeq modSeq => new SearchCriterion.ModSeqAtLeast(modSeq.AtLeast),
        SearchKey.Larger larger => new SearchCriterion.LargerThan(larger.Bytes),
        SearchKey.Smaller smaller => new SearchCriterion.SmallerThan(smaller.Bytes),
        SearchKey.Numbers numbers => new SearchCriterion.Uids(selected.UidsOf(numbers.Set, uid: false)),
        SearchKey.Uids uids => new SearchCriterion.Uids(selected.UidsOf(uids.Set, uid: true)),
        SearchKey.Fuzzy fuzzy => Of(fuzzy.Key, looseness),
        SearchKey.Not not => new SearchCriterion.Not(Of(not.Key, texts)),
        SearchKey.Or or => new SearchCriterion.Either(Of(or.Left, texts), Of(or.Right, texts)),
        SearchKey.And and => new SearchCriterion.AllOf([.. and.Keys.Select(k => Of(k, texts))]),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static SearchCriterion All(string text, Looseness looseness, Func<string, SearchCriterion> holds) =>
        FuzzyWords.Of(text, looseness) is [var one] ? holds(one) : new SearchCriterion.AllOf([.. FuzzyWords.Of(text, looseness).Select(holds)]);

    private static SearchCriterion Flag(SearchKey.Flag flag)
    {
        var has = new SearchCriterion.HasFlags(MessageFlags.Parse([flag.Name]));
        return flag.IsSet ? has : new SearchCriterion.Not(has);
    }

    private static SearchCriterion Date(SearchKey.Date date)
    {
        var (from, before) = Days(date.Comparison, date.Day);
        return date.Sent ? new SearchCriterion.SentDate(from, before) : new SearchCriterion.InternalDate(from, before);
    }

    private static SearchCriterion.SavedDate SaveDate(SearchKey.SaveDate date)
    {
        var (from, before) = Days(date.Comparison, date.Day);
        return new SearchCriterion.SavedDate(from, before);
    }

    private static (DateOnly? From, DateOnly? Before) Days(DateComparison comparison, DateOnly day) => comparison switch
    {
        DateComparison.Before => (null, day),
        DateComparison.On => (day, day < DateOnly.MaxValue ? day.AddDays(1) : null),
        _ => (day, null),
    };
}
