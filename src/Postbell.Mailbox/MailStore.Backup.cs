using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    private const string DatabaseFile = "postbell.db";
    private const string BlobsFolder = "blobs";

    private readonly SemaphoreSlim _backup = new(1);

    /// <summary>
    /// Copies the whole store as it is at one instant into a folder, while the store works on. Blobs the folder has from an earlier backup are not copied again.
    /// The folder can be opened as a store, and single mailboxes be restored from it.
    /// </summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BackupFailed"/>: the folder lies within the store, or could not be written. The last whole backup in it stays.</exception>
    public async Task<BackupResult> BackupAsync(string directory, CancellationToken ct)
    {
        var target = Path.GetFullPath(directory);
        if ((target + Path.DirectorySeparatorChar).StartsWith(_options.DataDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new MailboxException(MailboxFailure.BackupFailed, "A backup cannot lie within the data folder.");
        }

        await _backup.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            // What the copied rows name must not go before it is copied.
            using var held = Blobs.HoldDeletions();
            return await Task.Run(() => Backup(target, ct), ct).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new MailboxException(MailboxFailure.BackupFailed, $"The backup could not be written: {fault.Message}", fault);
        }
        finally
        {
            _backup.Release();
        }
    }

    private BackupResult Backup(string target, CancellationToken ct)
    {
        var blobs = Path.Combine(target, BlobsFolder);
        Directory.CreateDirectory(blobs);
        var database = Path.Combine(target, DatabaseFile);
        var fresh = database + ".new";
        foreach (var leftover in new[] { fresh, fresh + "-wal", fresh + "-shm" })
        {
            File.Delete(leftover);
        }

        using (var source = Database.OpenReader(Path.Combine(_options.DataDirectory, DatabaseFile)))
        {
            source.BackupTo(fresh);
        }

        HashSet<string> named;
        long messages;
        using (var copy = Database.OpenReader(fresh))
        {
            named = AccountTable.AllBlobNames(copy).ToHashSet(StringComparer.Ordinal);
            messages = copy.Number("SELECT count(*) FROM contents") ?? 0;
        }

        var (copied, missing) = CopyBlobs(named, blobs, ct);
        // Until here the folder still holds the backup before this one, whole.
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Move(fresh, database, overwrite: true);
        _disk.FlushDirectory(target);
        return new BackupResult(messages, copied, RemoveUnnamed(blobs, named), missing);
    }

    private (long Copied, List<string> Missing) CopyBlobs(HashSet<string> named, string blobs, CancellationToken ct)
    {
        var (copied, missing) = (0L, new List<string>());
        foreach (var group in named.GroupBy(static name => name[..2], StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            var folder = Path.Combine(blobs, group.Key);
            Directory.CreateDirectory(folder);
            var before = copied;
            foreach (var name in group.Where(name => !File.Exists(Path.Combine(blobs, name))))
            {
                if (!Blobs.TryCopy(name, Path.Combine(blobs, name)))
                {
                    missing.Add(name);
                    continue;
                }

                copied++;
            }

            if (copied > before)
            {
                _disk.FlushDirectory(folder);
            }
        }

        _disk.FlushDirectory(blobs);
        return (copied, missing);
    }

    private static long RemoveUnnamed(string blobs, HashSet<string> named)
    {
        var removed = 0L;
        foreach (var path in Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories))
        {
            if (!named.Contains(Path.GetRelativePath(blobs, path).Replace('\\', '/')))
            {
                File.Delete(path);
                removed++;
            }
        }

        return removed;
    }
}
