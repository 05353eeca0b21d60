using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>Files that nothing names: what a crash left between the bytes and the row that would have named them.</content>
public sealed partial class MailStore
{
    private static readonly TimeSpan s_beforeSweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_sweepPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Removes them, folder by folder; returns how many.</summary>
    internal async Task<int> SweepOrphansAsync(bool paced, CancellationToken ct)
    {
        var removed = 0;
        foreach (var directory in Blobs.Directories())
        {
            var orphans = await FindOrphansAsync(directory, ct).ConfigureAwait(false);
            Blobs.Delete(orphans);
            removed += orphans.Count;
            if (paced)
            {
                await Task.Delay(s_sweepPause, _time, ct).ConfigureAwait(false);
            }
        }

        if (removed > 0)
        {
            LogSwept(_log, removed);
            Interlocked.Add(ref _orphansRemoved, removed);
        }

        return removed;
    }

    private async Task<IReadOnlyList<string>> FindOrphansAsync(CancellationToken ct)
    {
        var orphans = new List<string>();
        foreach (var directory in Blobs.Directories())
        {
            orphans.AddRange(await FindOrphansAsync(directory, ct).ConfigureAwait(false));
        }

        orphans.Sort(StringComparer.Ordinal);
        return orphans;
    }

    // A file is looked for in the rows after it was seen not to be in hand: whoever has it in hand lets go only once its row is committed.
    private async Task<List<string>> FindOrphansAsync(string directory, CancellationToken ct)
    {
        var unnamed = await Readers.ReadAsync(sql => Unnamed(sql, Blobs.List(directory)), ct).ConfigureAwait(false);
        if (unnamed.Count == 0)
        {
            return unnamed;
        }

        // What was released meanwhile is on its way out, and no orphan: after the next commit it is in hand for that.
        await Writer.WriteAsync(static _ => true, ct).ConfigureAwait(false);
        return await Readers.ReadAsync(sql => Unnamed(sql, unnamed.Where(Blobs.Exists)), ct).ConfigureAwait(false);
    }

    private List<string> Unnamed(SqlSession sql, IEnumerable<string> files) => [.. files.Where(file => !Blobs.IsInHand(file)).ToList().Where(file => !VerificationTable.IsNamed(sql, file))];
}
