using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Postbell.Mailbox.Storage.Blobs;

/// <summary>The calls that make files durable; a seam, because tests must be able to let a disk fail.</summary>
internal interface IDurableDisk
{
    /// <summary>Forces a file's bytes to the disk.</summary>
    /// <exception cref="IOException">They may not be there.</exception>
    void FlushFile(SafeFileHandle file);

    /// <summary>Forces the names in a directory to the disk.</summary>
    /// <exception cref="IOException">They may not be there.</exception>
    void FlushDirectory(string path);
}

/// <summary>The real disk.</summary>
internal sealed partial class DurableDisk : IDurableDisk
{
    private const int CloseOnExec = 0x80000;

    public void FlushFile(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = Open(path, CloseOnExec);
        if (descriptor < 0)
        {
            throw Failed("open", path);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failed("fsync", path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    // The error number goes along as the framework does it itself on Unix.
    private static IOException Failed(string call, string path) =>
        new($"{call} {path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
