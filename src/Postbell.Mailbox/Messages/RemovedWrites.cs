using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Messages;

/// <summary>What happens inside a write transaction to messages that were removed.</summary>
internal static class RemovedWrites
{
    /// <summary>Puts removed messages back into the folders they were in, made anew when they are gone. Numbers that are not there are left out.</summary>
    public static List<UndeletedMessage> Undelete(WriteScope scope, long accountId, IReadOnlyList<long> ids)
    {
        var back = new List<UndeletedMessage>();
        var rows = ids.Distinct().Select(id => RemovedTable.Find(scope.Sql, accountId, id)).OfType<RemovedRow>();
        foreach (var group in rows.GroupBy(static r => r.Folder, StringComparer.Ordinal))
        {
            var folder = FolderTable.Find(scope.Sql, accountId, group.Key) is { Selectable: true } there ? there : FolderWrites.Create(scope, accountId, group.Key);
            var removed = group.OrderBy(static r => r.Id).ToList();
            // Counted from 1 on as "source", so that each finds its pair.
            var placed = removed.Select(static (r, i) => r.Message with { Uid = (uint)i + 1 }).ToList();
            var pairs = MessageWrites.Place(scope, accountId, folder, placed);
            for (var i = 0; i < removed.Count; i++)
            {
                RemovedTable.Delete(scope.Sql, accountId, removed[i].Id);
                back.Add(new UndeletedMessage(removed[i].Id, folder.Name, pairs[i].TargetUid));
            }
        }

        return back;
    }

    /// <summary>Removes for good some of what was removed until a time; returns how many.</summary>
    public static int Purge(WriteScope scope, long accountId, DateTimeOffset until, int count)
    {
        // Asked here again: a hold that came meanwhile counts.
        if (AccountTable.HeldSince(scope.Sql, accountId) is not null)
        {
            return 0;
        }

        var rows = RemovedTable.Until(scope.Sql, accountId, until.ToUnixTimeMilliseconds(), count);
        foreach (var row in rows)
        {
            RemovedTable.Delete(scope.Sql, accountId, row.Id);
            if (ContentTable.Release(scope.Sql, accountId, row.Message.ContentId) is { } blob)
            {
                scope.ReleasedBlobs.Add(blob);
            }
        }

        return rows.Count;
    }
}
