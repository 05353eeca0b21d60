using Postbell.Media.Recording;

namespace Postbell.Media.Tests.Recording;

/// <summary>The real disk with faults on demand. Syncs are counted, not done: a test does not outlive the power.</summary>
internal sealed class TestDisk : IJournalDisk
{
    private readonly JournalDisk _disk = new();

    public Exception? WriteError { get; set; }

    public Exception? SyncError { get; set; }

    /// <summary>Syncs wait for this.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    public ManualResetEventSlim SyncEntered { get; } = new(initialState: false);

    public long Available { get; set; } = long.MaxValue;

    public int Syncs { get; private set; }

    public int DirectorySyncs { get; private set; }

    public IJournalFile Create(string path) => new TestFile(this, _disk.Create(path));

    public void SyncDirectory(string directory)
    {
        DirectorySyncs++;
        if (DirectorySyncs == 1)
        {
            _disk.SyncDirectory(directory);
        }
    }

    /// <summary>Files stay where they are.</summary>
    public Exception? DeleteError { get; set; }

    public void Delete(string path)
    {
        if (DeleteError is { } error)
        {
            throw error;
        }

        _disk.Delete(path);
    }

    public long AvailableBytes(string directory) => Available;

    private sealed class TestFile(TestDisk disk, IJournalFile file) : IJournalFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (disk.WriteError is { } error)
            {
                file.Write(bytes[..(bytes.Length / 2)], offset);
                throw error;
            }

            file.Write(bytes, offset);
        }

        public void Sync()
        {
            disk.SyncEntered.Set();
            disk.Gate.Wait();
            disk.Syncs++;
            if (disk.SyncError is { } error)
            {
                throw error;
            }
        }

        public void Dispose() => file.Dispose();
    }
}
