using Microsoft.Win32.SafeHandles;
using Postbell.Mailbox.Storage.Blobs;

namespace Postbell.Mailbox.Tests.Durability;

/// <summary>A disk that fails on demand and tells in which order it was asked.</summary>
internal sealed class FailingDisk : IDurableDisk
{
    private readonly DurableDisk _real = new();
    private readonly Lock _gate = new();
    private readonly List<string> _events = [];

    public IOException? FileFault { get; set; }

    public IOException? DirectoryFault { get; set; }

    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public void Note(string what)
    {
        lock (_gate)
        {
            _events.Add(what);
        }
    }

    public void FlushFile(SafeFileHandle file)
    {
        if (FileFault is not null)
        {
            throw FileFault;
        }

        _real.FlushFile(file);
        Note("file");
    }

    public void FlushDirectory(string path)
    {
        if (DirectoryFault is not null)
        {
            throw DirectoryFault;
        }

        _real.FlushDirectory(path);
        Note("directory");
    }
}
