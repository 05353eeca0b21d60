using Postbell.Mailbox.Searching;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailboxView
{
    private const int SearchChunk = 200;
    private const int FewCandidates = 1000;

    /// <summary>UIDs of the messages that meet the criterion, ascending. Bytes of a message are read only when its row cannot decide.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public async Task<IReadOnlyList<uint>> SearchAsync(long folderId, SearchCriterion criterion, CancellationToken ct)
    {
        var (candidates, index) = await _store.Readers.ReadAsync(
            sql =>
            {
                FolderTable.Require(sql, AccountId, folderId);
                var hits = IndexHits.Find(sql, AccountId, criterion);
                return (Searchable(sql, folderId, hits.Candidates(criterion)), hits);
            },
            ct).ConfigureAwait(false);
        var verdicts = candidates.ConvertAll(row => (row.Uid, Verdict: RowSearch.Decide(criterion, row, index)));
        var matching = verdicts.Where(static v => v.Verdict == true).Select(static v => v.Uid).ToList();
        foreach (var chunk in verdicts.Where(static v => v.Verdict is null).Select(static v => v.Uid).Chunk(SearchChunk))
        {
            await SearchContentsAsync(folderId, criterion, UidRange.From(chunk), matching, ct).ConfigureAwait(false);
        }

        matching.Sort();
        return matching;
    }

    // With few candidates the folder's other rows are not looked at at all.
    private List<SearchableRow> Searchable(SqlSession sql, long folderId, IReadOnlySet<long>? candidates)
    {
        if (candidates is null || candidates.Count > FewCandidates)
        {
            return MessageTable.Searchable(sql, AccountId, folderId);
        }

        var unknown = TextIndexTable.NotIndexed(sql, AccountId);
        return unknown.Count > FewCandidates
            ? MessageTable.Searchable(sql, AccountId, folderId)
            : MessageTable.Searchable(sql, AccountId, folderId, candidates.Union(unknown));
    }

    private async Task SearchContentsAsync(
        long folderId, SearchCriterion criterion, IReadOnlyList<UidRange> uids, List<uint> matching, CancellationToken ct)
    {
        foreach (var message in await ReadMessagesAsync(folderId, uids, ct).ConfigureAwait(false))
        {
            var content = new ContentSearch(message, (offset, length) => ReadContentAsync(message, offset, length, ct));
            try
            {
                if (await content.MatchesAsync(criterion).ConfigureAwait(false))
                {
                    matching.Add(message.Uid);
                }
            }
            catch (MailboxException gone) when (gone.Reason is MailboxFailure.NoSuchMessage or MailboxFailure.BlobDamaged)
            {
                // One damaged message must not make the folder unsearchable; reading it says what is wrong.
                continue;
            }
        }
    }
}
