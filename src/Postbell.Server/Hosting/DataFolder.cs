using Postbell.Server.Commands;

namespace Postbell.Server.Hosting;

/// <summary>The one folder a server keeps everything in, and the lock that keeps a second server out of it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    private DataFolder(DataLayout layout, FileStream lockFile) => (Layout, _lock) = (layout, lockFile);

    /// <summary>Where things are in the folder.</summary>
    public DataLayout Layout { get; }

    /// <summary>Creates the folder when it is absent (readable by its owner alone) and locks it until disposed or the process ends.</summary>
    /// <exception cref="CommandFailedException">Another server uses it, or it cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        var layout = new DataLayout(path);
        try
        {
            foreach (var folder in new[] { layout.Root, layout.Logs, layout.Spool, layout.Prompts, layout.Traces })
            {
                CreateFolder(folder);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot use the data folder {layout.Root}: {fault.Message}");
        }

        var folderLock = Lock(layout);
        File.WriteAllText(layout.ProcessId, $"{Environment.ProcessId}\n");
        return new DataFolder(layout, folderLock);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        File.Delete(Layout.Running);
        File.Delete(Layout.ProcessId);
        _lock.Dispose();
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(folder);
        }
        else
        {
            System.IO.Directory.CreateDirectory(folder, OwnerOnlyFolder);
        }
    }

    private static FileStream Lock(DataLayout layout)
    {
        try
        {
            // An exclusive flock under the hood: the kernel lets go of it however the process ends.
            return new FileStream(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            var owner = File.Exists(layout.ProcessId) ? $" (process {File.ReadAllText(layout.ProcessId).Trim()})" : "";
            throw new CommandFailedException($"another server{owner} already uses the data folder {layout.Root}");
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new CommandFailedException($"cannot lock the data folder {layout.Root}: {fault.Message}");
        }
    }
}
