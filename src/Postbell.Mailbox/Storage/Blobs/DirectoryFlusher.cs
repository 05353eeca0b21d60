using System.Collections.Concurrent;

namespace Postbell.Mailbox.Storage.Blobs;

/// <summary>Forces directories to disk, once for all who ask while the flush before is still running.</summary>
internal sealed class DirectoryFlusher(IDurableDisk disk)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Ends after a flush of the directory that began after this call.</summary>
    public Task FlushAsync(string directory)
    {
        var entry = _entries.GetOrAdd(directory, static _ => new Entry());
        lock (entry)
        {
            // A flush under way may have begun before the caller's rename: only the next one is good for him.
            var before = entry.Running ?? Task.CompletedTask;
            entry.Next ??= Task.Run(() => AfterAsync(before, entry, directory));
            return entry.Next;
        }
    }

    private async Task AfterAsync(Task before, Entry entry, string directory)
    {
        // What went wrong with the flush before was told to those who waited for it.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Run(entry, directory);
    }

    private void Run(Entry entry, string directory)
    {
        lock (entry)
        {
            entry.Running = entry.Next;
            entry.Next = null;
        }

        try
        {
            disk.FlushDirectory(directory);
        }
        finally
        {
            lock (entry)
            {
                if (entry.Next is null)
                {
                    entry.Running = null;
                }
            }
        }
    }

    private sealed class Entry
    {
        public Task? Running { get; set; }

        public Task? Next { get; set; }
    }
}
