using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Recording;

/// <summary>What the journal asks of a disk: a seam, so that tests can let it stall, fill up and fail.</summary>
internal interface IJournalDisk
{
    IJournalFile Create(string path);

    void SyncDirectory(string directory);

    void Delete(string path);

    long AvailableBytes(string directory);
}

/// <summary>A segment that is being written.</summary>
internal interface IJournalFile : IDisposable
{
    void Write(ReadOnlySpan<byte> bytes, long offset);

    void Sync();
}

/// <summary>The real disk.</summary>
internal sealed partial class JournalDisk : IJournalDisk
{
    public IJournalFile Create(string path) =>
        new SegmentFile(new FileStream(path, PrivateTo(new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0,
        })));

    /// <summary>What people said to each other is nobody else's business: files only for the account of the server.</summary>
    public static FileStreamOptions PrivateTo(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    /// <summary>Makes creations and deletions in the folder durable. Other systems than Unix do so by themselves.</summary>
    public void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = OpenDirectory(directory, ReadOnly | CloseOnExec);
        if (handle.IsInvalid || FSync(handle) != 0)
        {
            throw LastError($"sync of folder {directory}");
        }
    }

    public void Delete(string path) => File.Delete(path);

    public long AvailableBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    private static IOException LastError(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    private sealed class SegmentFile(FileStream stream) : IJournalFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(stream.SafeFileHandle, bytes, offset);

        public void Sync()
        {
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
            }
            else if (FDataSync(stream.SafeFileHandle) != 0)
            {
                throw LastError("sync of a journal segment");
            }
        }

        public void Dispose() => stream.Dispose();
    }
}
