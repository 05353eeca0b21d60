using Postbell.Mailbox.Searching;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailboxView
{
    /// <summary>What was expunged after <paramref name="modSeq"/> among <paramref name="uids"/> (QRESYNC, RFC 7162). Right however long ago that was.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public Task<VanishedMessages> ReadVanishedAsync(long folderId, long modSeq, IReadOnlyList<UidRange> uids, CancellationToken ct) => _store.Readers.ReadAsync(
        sql =>
        {
            var folder = FolderTable.Require(sql, AccountId, folderId);
            var asked = UidRange.Merge(uids);
            var exact = modSeq >= folder.PrunedModSeq;
            var gone = exact
                ? UidRange.From(MessageTable.ExpungedAfter(sql, AccountId, folderId, modSeq).Where(uid => Holds(asked, uid)))
                : Missing(MessageTable.Uids(sql, AccountId, folderId), asked, folder.UidNext);
            return new VanishedMessages(gone, exact, folder.HighestModSeq);
        },
        ct);

    /// <summary>Messages in the ranges that came or changed after <paramref name="modSeq"/> (<c>CHANGEDSINCE</c>), ascending UID.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchFolder"/>, <see cref="MailboxFailure.NotSelectable"/>.</exception>
    public Task<IReadOnlyList<MessageRow>> ReadRowsChangedSinceAsync(long folderId, long modSeq, IReadOnlyList<UidRange> uids, CancellationToken ct) =>
        _store.Readers.ReadAsync<IReadOnlyList<MessageRow>>(
            sql =>
            {
                FolderTable.Require(sql, AccountId, folderId);
                var asked = UidRange.Merge(uids);
                return MessageTable.RowsAfter(sql, AccountId, folderId, modSeq).FindAll(row => Holds(asked, row.Uid));
            },
            ct);

    /// <summary>The first words of a message, at most 200 characters (RFC 8970): as stored, or read from the message when an older version stored it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>, <see cref="MailboxFailure.NoSuchMessage"/>.</exception>
    public async Task<string> ReadPreviewAsync(StoredMessage message, CancellationToken ct) =>
        message.Preview ?? await PreviewText.OfAsync(message.Structure, (offset, length) => ReadContentAsync(message, offset, length, ct)).ConfigureAwait(false);

    /// <summary>What the mailbox holds and may hold.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public Task<MailboxUsage> ReadUsageAsync(CancellationToken ct) => _store.ReadUsageAsync(AccountId, ct);

    // Ascending ranges that do not touch.
    private static bool Holds(IReadOnlyList<UidRange> ranges, uint uid)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Contains(uid))
            {
                return true;
            }

            (low, high) = uid < ranges[middle].First ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }

    /// <summary>The parts of <paramref name="asked"/>, below UIDNEXT, that no message has.</summary>
    private static List<UidRange> Missing(List<uint> present, IReadOnlyList<UidRange> asked, uint uidNext)
    {
        var missing = new List<UidRange>();
        var next = 0;
        foreach (var range in asked)
        {
            long from = Math.Max(1, range.First);
            var last = Math.Min(range.Last, (long)uidNext - 1);
            while (next < present.Count && present[next] < from)
            {
                next++;
            }

            for (; next < present.Count && present[next] <= last; next++)
            {
                Add(missing, from, (long)present[next] - 1);
                from = (long)present[next] + 1;
            }

            Add(missing, from, last);
        }

        return missing;
    }

    private static void Add(List<UidRange> ranges, long first, long last)
    {
        if (first <= last)
        {
            ranges.Add(new UidRange((uint)first, (uint)last));
        }
    }
}
