using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>Looks for messages in the selected folder, for SEARCH, SORT and THREAD.</summary>
internal static class FolderSearch
{
    /// <summary>Rows looked at before other sessions get their turn.</summary>
    private const int Slice = 8_192;

    /// <summary>
    /// Indexes of the messages that meet the program, ascending; null when the time for it was over. Messages the client has not been told of
    /// have no number and are not found.
    /// </summary>
    /// <exception cref="MailboxException">The store cannot search the folder.</exception>
    public static async Task<List<int>?> FindAsync(ImapSession session, SearchProgram program, CancellationToken ct)
    {
        var selected = session.Selected;
        if (program.UsesModSeq)
        {
            session.UseCondStore();
        }

        await session.DemandAsync(FolderRights.Read, ct);
        await selected.NoteAsync(always: true, ct);
        var criterion = new SearchCriteria(selected, session.Services.Time.GetUtcNow(), Looseness.Beginnings).Of(program.Key);
        return criterion.NeedsRowOnly
            ? await AmongRowsAsync(selected, criterion, ct)
            : await session.Services.SearchTurns.RunAsync(session.Account.Id, turn => InStoreAsync(session, criterion, turn), ct);
    }

    /// <summary>
    /// How well the messages found meet a program with FUZZY (RFC 6203), from 1 to 100: best what holds the texts as they are written, then what holds each
    /// word of them. Null when the time for it was over.
    /// </summary>
    /// <exception cref="MailboxException">The store cannot search the folder.</exception>
    public static async Task<IReadOnlyDictionary<int, int>?> RelevancyAsync(ImapSession session, SearchProgram program, List<int> found, CancellationToken ct)
    {
        var relevancy = found.ToDictionary(static i => i, static _ => 40);
        var among = new SearchCriterion.Uids(session.Selected.Uids(found));
        foreach (var (looseness, score) in ((Looseness, int)[])[(Looseness.Words, 70), (Looseness.Exact, 100)])
        {
            var criterion = new SearchCriteria(session.Selected, session.Services.Time.GetUtcNow(), looseness).Of(program.Key);
            var better = await session.Services.SearchTurns.RunAsync(
                session.Account.Id, turn => InStoreAsync(session, new SearchCriterion.AllOf([among, criterion]), turn), ct);
            if (better is null)
            {
                return null;
            }

            foreach (var index in better)
            {
                relevancy[index] = score;
            }
        }

        return relevancy;
    }

    private static async Task<List<int>> AmongRowsAsync(SelectedFolder selected, SearchCriterion criterion, CancellationToken ct)
    {
        var found = new List<int>();
        for (var i = 0; i < selected.Rows.Count; i++)
        {
            var row = selected.Rows[i];
            if (criterion.Matches(row) && !selected.IsVanished(row.Uid))
            {
                found.Add(i);
            }

            if (i % Slice == Slice - 1)
            {
                ct.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        return found;
    }

    private static async Task<List<int>> InStoreAsync(ImapSession session, SearchCriterion criterion, CancellationToken ct)
    {
        var selected = session.Selected;
        var found = new List<int>();
        foreach (var uid in await selected.Mailbox.SearchAsync(selected.Folder.Id, criterion, ct))
        {
            if (selected.IndexOf(uid) is var at and >= 0)
            {
                found.Add(at);
            }
        }

        return found;
    }
}
