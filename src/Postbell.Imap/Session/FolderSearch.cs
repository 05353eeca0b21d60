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

        await selected.NoteAsync(always: true, ct);
        var criterion = SearchCriteria.Of(program.Key, selected, session.Services.Time.GetUtcNow());
        return criterion.NeedsRowOnly
            ? await AmongRowsAsync(selected, criterion, ct)
            : await session.Services.SearchTurns.RunAsync(session.Account.Id, turn => InStoreAsync(session, criterion, turn), ct);
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
        foreach (var uid in await session.Mailbox.SearchAsync(selected.Folder.Id, criterion, ct))
        {
            if (selected.IndexOf(uid) is var at and >= 0)
            {
                found.Add(at);
            }
        }

        return found;
    }
}
