using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Searching;

/// <summary>What the full-text index says of the text conditions of one search: which contents may meet each. It never rules out a match.</summary>
internal sealed class IndexHits
{
    private readonly Dictionary<SearchCriterion, HashSet<long>> _candidates = [];

    /// <summary>No help from the index.</summary>
    public static IndexHits None { get; } = new();

    /// <summary>Asks the index for every text condition within a criterion.</summary>
    public static IndexHits Find(SqlSession sql, long accountId, SearchCriterion criterion)
    {
        var hits = new IndexHits();
        hits.Ask(sql, accountId, criterion);
        return hits;
    }

    /// <summary>Contents outside of which no indexed content can meet the criterion; null when it may be any.</summary>
    public IReadOnlySet<long>? Candidates(SearchCriterion criterion)
    {
        switch (criterion)
        {
            case SearchCriterion.AllOf all:
                return all.Criteria.Select(Candidates).OfType<IReadOnlySet<long>>().MinBy(static set => set.Count);
            case SearchCriterion.Either either:
                return Candidates(either.Left) is { } left && Candidates(either.Right) is { } right ? new HashSet<long>([.. left, .. right]) : null;
            default:
                return _candidates.GetValueOrDefault(criterion);
        }
    }

    /// <summary>True when an indexed content surely does not meet the condition.</summary>
    public bool RulesOut(SearchCriterion criterion, in SearchableRow row) =>
        row.IsIndexed && _candidates.TryGetValue(criterion, out var candidates) && !candidates.Contains(row.ContentId);

    private void Ask(SqlSession sql, long accountId, SearchCriterion criterion)
    {
        switch (criterion)
        {
            case SearchCriterion.AllOf all:
                foreach (var one in all.Criteria)
                {
                    Ask(sql, accountId, one);
                }

                break;
            case SearchCriterion.Either either:
                Ask(sql, accountId, either.Left);
                Ask(sql, accountId, either.Right);
                break;
            case SearchCriterion.Not not:
                Ask(sql, accountId, not.Criterion);
                break;
            case SearchCriterion.HeaderContains header:
                Ask(sql, accountId, header, header.Text, IndexColumn.Head);
                break;
            case SearchCriterion.BodyContains body:
                Ask(sql, accountId, body, body.Text, IndexColumn.Body);
                break;
            case SearchCriterion.TextContains text:
                // Asked of both columns at once: a hit with trigrams in both is one more to look at.
                Ask(sql, accountId, text, text.Text, IndexColumn.Both);
                break;
        }
    }

    private void Ask(SqlSession sql, long accountId, SearchCriterion criterion, string text, IndexColumn column)
    {
        if (!_candidates.ContainsKey(criterion) && TextIndexTable.Find(sql, accountId, TextFolding.Fold(text), column) is { } candidates)
        {
            _candidates[criterion] = candidates;
        }
    }
}
