using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Postbell.Mailbox.Storage.Blobs;

/// <summary>A blob that is on disk, durable, and waits for the row that names it.</summary>
/// <param name="Name">Name within the folder, for instance <c>3f/0199...</c>.</param>
/// <param name="Checksum">SHA-256 of the bytes.</param>
/// <param name="Size">Bytes.</param>
internal sealed record Blob(string Name, byte[] Checksum, long Size);

/// <summary>
/// Immutable files under <c>blobs/xx/</c>. A file is written under a temporary name, forced to disk, renamed, and the name forced to disk,
/// before anything in the database may name it. What no row names after a crash is an orphan and collected in the background.
/// </summary>
internal sealed class BlobFolder : IAsyncDisposable
{
    /// <summary>EROFS.</summary>
    public const int ReadOnlyError = 30;

    private const int CopyPiece = 64 * 1024;
    private const int DiskFullError = 28; // ENOSPC
    private const int QuotaError = 122; // EDQUOT

    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly IDurableDisk _disk;
    private readonly StoreHealth _health;
    private readonly BlobWriter _writer;
    private readonly ConcurrentDictionary<string, byte> _inHand = new(StringComparer.Ordinal);
    private readonly List<string> _held = [];
    private int _holds;

    public BlobFolder(string root, TimeProvider time, IDurableDisk disk, StoreHealth health)
    {
        _root = root;
        _time = time;
        _disk = disk;
        _health = health;
        _writer = new BlobWriter(root, disk);
    }

    /// <summary>Makes writing possible.</summary>
    public void Start() => _writer.Start();

    /// <summary>Makes the folder itself.</summary>
    public void Prepare()
    {
        if (!Directory.Exists(_root))
        {
            Directory.CreateDirectory(_root);
            _disk.FlushDirectory(Path.GetDirectoryName(_root)!);
        }
    }

    /// <summary>Writes a blob; when the task ends it is durable.</summary>
    public async Task<Blob> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        _health.ThrowIfFailed();
        var blob = new Blob(NewName(), SHA256.HashData(content.Span), content.Length);
        await WriteAsync(blob, content, ct).ConfigureAwait(false);
        return blob;
    }

    /// <summary>Begins a file whose bytes come piece by piece; <see cref="AdoptAsync"/> or <see cref="Delete"/> ends it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.DiskFull"/>, <see cref="MailboxFailure.StorageFailed"/>.</exception>
    public (string Name, FileStream File) Begin()
    {
        _health.ThrowIfFailed();
        var name = NewName();
        try
        {
            _writer.EnsureDirectory(name[..2]);
            _inHand.TryAdd(name, 0);
            return (name, new FileStream(
                PathOf(name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 64 * 1024));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Explain(fault);
        }
    }

    /// <summary>Makes a begun file, whose bytes have all been written, a blob; when the task ends it is durable.</summary>
    public async Task<Blob> AdoptAsync(string name, byte[] checksum, long size, CancellationToken ct)
    {
        _health.ThrowIfFailed();
        var blob = new Blob(name, checksum, size);
        await WriteAsync(blob, null, ct).ConfigureAwait(false);
        return blob;
    }

    /// <summary>What a failure of the disk means: one that is full may have room again, any other ends all writing.</summary>
    public MailboxException Explain(Exception fault)
    {
        if (fault is IOException && (fault.HResult & 0xffff) is DiskFullError or QuotaError)
        {
            return new MailboxException(MailboxFailure.DiskFull, "The disk is full.", fault);
        }

        _health.Fail("A message could not be written: " + fault.Message, fault);
        return new MailboxException(MailboxFailure.StorageFailed, "A message could not be written: " + fault.Message, fault);
    }

    private async Task WriteAsync(Blob blob, ReadOnlyMemory<byte>? content, CancellationToken ct)
    {
        _inHand.TryAdd(blob.Name, 0);
        try
        {
            await _writer.WriteAsync(blob.Name, content, ct).ConfigureAwait(false);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            throw new MailboxException(MailboxFailure.Closed, "The store is being closed.");
        }
        catch (OperationCanceledException)
        {
            // It was not taken up yet.
            Delete(blob.Name);
            throw;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var explained = Explain(fault);
            if (explained.Reason == MailboxFailure.DiskFull)
            {
                Delete(blob.Name);
            }

            throw explained;
        }
    }

    /// <summary>Waits for the writes under way.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>Reads a blob and checks it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>.</exception>
    public async Task<byte[]> ReadAsync(string name, ReadOnlyMemory<byte> checksum, long size, CancellationToken ct)
    {
        using var file = Open(name);
        if (RandomAccess.GetLength(file) != size)
        {
            throw Damaged(name, "its length is wrong", null);
        }

        var content = new byte[size];
        await ReadFullyAsync(file, content, 0, name, ct).ConfigureAwait(false);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(checksum.Span))
        {
            throw Damaged(name, "its bytes do not match their checksum", null);
        }

        return content;
    }

    /// <summary>Reads a blob piece by piece and checks it at the end: by then every piece has been handed over.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>.</exception>
    public async Task CopyAsync(string name, ReadOnlyMemory<byte> checksum, long size, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken ct)
    {
        using var file = Open(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyPiece);
        try
        {
            var offset = 0L;
            while (await RandomAccess.ReadAsync(file, buffer.AsMemory(0, CopyPiece), offset, ct).ConfigureAwait(false) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                offset += count;
                await sink(buffer.AsMemory(0, count), ct).ConfigureAwait(false);
            }

            if (offset != size || !hash.GetHashAndReset().AsSpan().SequenceEqual(checksum.Span))
            {
                throw Damaged(name, "its bytes do not match their checksum", null);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a range, cut at the end of the blob.</summary>
    public async Task<byte[]> ReadRangeAsync(string name, long offset, int length, CancellationToken ct)
    {
        using var file = Open(name);
        return await ReadRangeAsync(file, name, offset, length, ct).ConfigureAwait(false);
    }

    /// <summary>The same of a file that is open.</summary>
    public static async Task<byte[]> ReadRangeAsync(SafeFileHandle file, string name, long offset, int length, CancellationToken ct)
    {
        var available = Math.Clamp(RandomAccess.GetLength(file) - offset, 0, length);
        var content = new byte[available];
        await ReadFullyAsync(file, content, offset, name, ct).ConfigureAwait(false);
        return content;
    }

    /// <summary>Reads a blob through and says whether it is what it should be.</summary>
    public async Task<BlobCondition> CheckAsync(Blob blob, CancellationToken ct)
    {
        var path = PathOf(blob.Name);
        if (!File.Exists(path))
        {
            return BlobCondition.Missing;
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (file.ConfigureAwait(false))
            {
                return file.Length == blob.Size && (await SHA256.HashDataAsync(file, ct).ConfigureAwait(false)).AsSpan().SequenceEqual(blob.Checksum)
                    ? BlobCondition.Sound
                    : BlobCondition.Damaged;
            }
        }
        catch (FileNotFoundException)
        {
            return BlobCondition.Missing;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return BlobCondition.Damaged;
        }
    }

    /// <summary>True when there is a file of the name.</summary>
    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>The folders that hold blobs, by name.</summary>
    public IEnumerable<string> Directories() => Directory.EnumerateDirectories(_root).Select(path => Path.GetFileName(path)!);

    /// <summary>Names of all files in one of them, whole or not.</summary>
    public IEnumerable<string> List(string directory) =>
        Directory.EnumerateFiles(Path.Combine(_root, directory)).Select(path => directory + "/" + Path.GetFileName(path));

    /// <summary>True while a file waits for its row, or for its deletion after its row went.</summary>
    public bool IsInHand(string file) => _inHand.ContainsKey(file.EndsWith(BlobWriter.TemporarySuffix, StringComparison.Ordinal) ? file[..^BlobWriter.TemporarySuffix.Length] : file);

    /// <summary>Blobs that committed rows name.</summary>
    public void LetGo(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _inHand.TryRemove(name, out _);
        }
    }

    /// <summary>Deletes, behind the caller's back, blobs that no row names any more.</summary>
    public void Release(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            _inHand.TryAdd(name, 0);
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => work.Folder.Delete(work.Names), (Folder: this, Names: names), preferLocal: false);
    }

    /// <summary>Copies a blob elsewhere, durable before its name; false when it is not there.</summary>
    public bool TryCopy(string name, string target)
    {
        if (!File.Exists(PathOf(name)))
        {
            return false;
        }

        File.Copy(PathOf(name), target + BlobWriter.TemporarySuffix, overwrite: true);
        using (var file = File.OpenHandle(target + BlobWriter.TemporarySuffix, FileMode.Open, FileAccess.ReadWrite))
        {
            _disk.FlushFile(file);
        }

        File.Move(target + BlobWriter.TemporarySuffix, target, overwrite: true);
        return true;
    }

    /// <summary>Keeps <see cref="Delete"/> from deleting until the result is disposed of; then what was to go goes.</summary>
    public IDisposable HoldDeletions() => new Hold(this);

    /// <summary>Deletes blobs nothing names any more. One that cannot be deleted now is an orphan and collected later.</summary>
    public void Delete(params IEnumerable<string> names)
    {
        lock (_held)
        {
            if (_holds > 0)
            {
                _held.AddRange(names);
                return;
            }
        }

        foreach (var name in names)
        {
            try
            {
                File.Delete(PathOf(name));
                File.Delete(PathOf(name) + BlobWriter.TemporarySuffix);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            finally
            {
                _inHand.TryRemove(name, out _);
            }
        }
    }

    /// <summary>Opens a file; what is open can be read to its end though it is deleted meanwhile.</summary>
    public SafeFileHandle Open(string name)
    {
        try
        {
            return File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Damaged(name, "it cannot be opened", fault);
        }
    }

    private static async Task ReadFullyAsync(SafeFileHandle file, Memory<byte> buffer, long offset, string name, CancellationToken ct)
    {
        while (!buffer.IsEmpty)
        {
            var count = await RandomAccess.ReadAsync(file, buffer, offset, ct).ConfigureAwait(false);
            if (count == 0)
            {
                throw Damaged(name, "it ends early", null);
            }

            buffer = buffer[count..];
            offset += count;
        }
    }

    // Two digits of the clock choose the directory: blobs written together share it, and with it one flush of its names.
    private string NewName()
    {
        var id = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");
        return id.Substring(8, 2) + "/" + id;
    }

    private string PathOf(string name) => Path.Combine(_root, name);

    private static MailboxException Damaged(string name, string why, Exception? inner) =>
        new(MailboxFailure.BlobDamaged, $"Blob {name}: {why}.", inner);

    private sealed class Hold : IDisposable
    {
        private readonly BlobFolder _folder;

        public Hold(BlobFolder folder)
        {
            _folder = folder;
            lock (folder._held)
            {
                folder._holds++;
            }
        }

        public void Dispose()
        {
            string[] released;
            lock (_folder._held)
            {
                _folder._holds--;
                released = _folder._holds > 0 ? [] : [.. _folder._held];
                if (_folder._holds == 0)
                {
                    _folder._held.Clear();
                }
            }

            _folder.Delete(released);
        }
    }
}
