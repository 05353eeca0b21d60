using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Folders;

/// <summary>
/// The rows of folders that were opened lately, so that a large folder is not read anew each time: brought up to date with what changed since, which the
/// folder's MODSEQ tells. Arrays are shared by all who opened the folder and never change.
/// </summary>
/// <remarks>Nothing here can be out of date: what is kept counts only at the MODSEQ it was read at, and the reader's own snapshot says which that is.</remarks>
internal sealed class FolderRowCache(long maxRows)
{
    /// <summary>A smaller folder is read as fast as it is looked up.</summary>
    private const int SmallFolder = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long Account, long Folder), LinkedListNode<Kept>> _kept = [];
    private readonly LinkedList<Kept> _byUse = [];
    private long _rows;

    /// <summary>Rows held now.</summary>
    public long Rows
    {
        get
        {
            lock (_gate)
            {
                return _rows;
            }
        }
    }

    /// <summary>All rows of a folder, ascending UID, as the session's snapshot has them.</summary>
    public FolderContents Read(SqlSession sql, long accountId, FolderRow folder)
    {
        var known = Find((accountId, folder.Id));
        if (known?.ModSeq == folder.HighestModSeq)
        {
            return known.Contents;
        }

        // A snapshot from before what is kept, or a log that no longer reaches back so far: nothing to build on.
        var usable = known is not null && known.ModSeq < folder.HighestModSeq && known.ModSeq >= folder.PrunedModSeq;
        var rows = usable
            ? Merge(
                known!.Contents.Rows,
                MessageTable.RowsAfter(sql, accountId, folder.Id, known.ModSeq),
                MessageTable.ExpungedAfter(sql, accountId, folder.Id, known.ModSeq))
            : [.. MessageTable.Rows(sql, accountId, folder.Id, UidRange.All)];
        var contents = FolderContents.Of(rows);
        Keep(new Kept((accountId, folder.Id), folder.HighestModSeq, contents));
        return contents;
    }

    /// <summary>Rows with those in their place that changed, without those that are gone, and the new ones behind.</summary>
    private static MessageRow[] Merge(MessageRow[] before, List<MessageRow> changed, List<uint> gone)
    {
        var merged = new MessageRow[before.Length + changed.Count];
        var (count, next, lost) = (0, 0, 0);
        foreach (var row in before)
        {
            while (lost < gone.Count && gone[lost] < row.Uid)
            {
                lost++;
            }

            if (lost < gone.Count && gone[lost] == row.Uid)
            {
                continue;
            }

            while (next < changed.Count && changed[next].Uid < row.Uid)
            {
                merged[count++] = changed[next++];
            }

            merged[count++] = next < changed.Count && changed[next].Uid == row.Uid ? changed[next++] : row;
        }

        while (next < changed.Count)
        {
            merged[count++] = changed[next++];
        }

        return count == merged.Length ? merged : merged[..count];
    }

    private Kept? Find((long Account, long Folder) key)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    private void Keep(Kept rows)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(rows.Key, out var former))
            {
                if (former.Value.ModSeq >= rows.ModSeq)
                {
                    return;
                }

                Drop(former);
            }

            if (rows.Contents.Rows.Length >= SmallFolder && rows.Contents.Rows.Length <= maxRows)
            {
                _kept.Add(rows.Key, _byUse.AddFirst(rows));
                _rows += rows.Contents.Rows.Length;
            }

            while (_rows > maxRows)
            {
                Drop(_byUse.Last!);
            }
        }
    }

    private void Drop(LinkedListNode<Kept> node)
    {
        _kept.Remove(node.Value.Key);
        _byUse.Remove(node);
        _rows -= node.Value.Contents.Rows.Length;
    }

    private sealed record Kept((long Account, long Folder) Key, long ModSeq, FolderContents Contents);
}
