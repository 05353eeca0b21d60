using System.Threading.Channels;

namespace Postbell.Mailbox.Storage.Blobs;

/// <summary>
/// Makes files durable on a few threads of its own: an fsync blocks, and the thread pool that carries the calls must not be what it blocks.
/// Files that wait together share the flush of their directories.
/// </summary>
internal sealed class BlobWriter : IAsyncDisposable
{
    /// <summary>Appended to a name until the file is whole.</summary>
    public const string TemporarySuffix = ".tmp";

    // File systems merge the journal commits of fsyncs that run side by side; past a few threads there is nothing more to gain.
    private const int Threads = 4;
    private const int MaxBatch = 16;
    private const int Capacity = 1024;

    private readonly IDurableDisk _disk;
    private readonly string _root;
    private readonly Channel<Request> _waiting = Channel.CreateBounded<Request>(Capacity);
    private readonly SemaphoreSlim _count = new(0);
    private readonly TaskCompletionSource[] _ended = new TaskCompletionSource[Threads];
    private readonly Lock _directoryGate = new();
    private readonly HashSet<string> _knownDirectories = new(StringComparer.Ordinal);

    public BlobWriter(string root, IDurableDisk disk)
    {
        _root = root;
        _disk = disk;
    }

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        for (var i = 0; i < Threads; i++)
        {
            var ended = _ended[i] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(() => Run(ended)) { Name = "postbell-store-blobs", IsBackground = true }.Start();
        }
    }

    /// <summary>Writes a new file, or (without content) takes the file that is there under its name; when the task ends, bytes and name are durable.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public async Task WriteAsync(string name, ReadOnlyMemory<byte>? content, CancellationToken ct)
    {
        var request = new Request(name, content);
        await _waiting.Writer.WriteAsync(request, ct).ConfigureAwait(false);
        _count.Release();
        await request.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Finishes what waits, then ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _count.Release(Threads);
        foreach (var ended in _ended)
        {
            await ended.Task.ConfigureAwait(false);
        }
    }

    private void Run(TaskCompletionSource ended)
    {
        var batch = new List<Request>(MaxBatch);
        while (true)
        {
            _count.Wait();
            while (_waiting.Reader.TryRead(out var request))
            {
                batch.Add(request);
                if (batch.Count == MaxBatch || !_count.Wait(0))
                {
                    break;
                }
            }

            if (batch.Count == 0)
            {
                // The count was raised without a request: the store is being closed.
                ended.SetResult();
                return;
            }

            WriteAll(batch);
            batch.Clear();
        }
    }

    private void WriteAll(List<Request> batch)
    {
        foreach (var request in batch)
        {
            Attempt(request, () => WriteFile(request));
        }

        foreach (var directory in batch.Where(static r => r.Fault is null).GroupBy(static r => r.Directory, StringComparer.Ordinal))
        {
            Exception? fault = null;
            try
            {
                _disk.FlushDirectory(Path.Combine(_root, directory.Key));
            }
            catch (Exception failed)
            {
                fault = failed;
            }

            foreach (var request in directory)
            {
                request.Fault = fault;
            }
        }

        foreach (var request in batch)
        {
            request.Complete();
        }
    }

    private static void Attempt(Request request, Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault)
        {
            request.Fault = fault;
        }
    }

    private void WriteFile(Request request)
    {
        EnsureDirectory(request.Directory);
        var path = Path.Combine(_root, request.Name);
        if (request.Content is not { } content)
        {
            using var there = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            _disk.FlushFile(there);
            return;
        }

        using (var file = File.OpenHandle(path + TemporarySuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content.Span, 0);
            _disk.FlushFile(file);
        }

        File.Move(path + TemporarySuffix, path);
    }

    /// <summary>Makes a directory at its first use, at most 256 times in the life of a store; its own name must be durable before a blob in it is.</summary>
    public void EnsureDirectory(string digits)
    {
        lock (_directoryGate)
        {
            if (_knownDirectories.Contains(digits))
            {
                return;
            }

            Directory.CreateDirectory(Path.Combine(_root, digits));
            // Also for one that was there: a crash may have come between its making and this.
            _disk.FlushDirectory(_root);
            _knownDirectories.Add(digits);
        }
    }

    private sealed class Request(string name, ReadOnlyMemory<byte>? content)
    {
        public string Name { get; } = name;

        public string Directory { get; } = name[..2];

        public ReadOnlyMemory<byte>? Content { get; } = content;

        public Exception? Fault { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete()
        {
            if (Fault is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(Fault);
            }
        }
    }
}
