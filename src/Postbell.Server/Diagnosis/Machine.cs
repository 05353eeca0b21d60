using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Postbell.Server.Hosting;

namespace Postbell.Server.Diagnosis;

/// <summary>Looks at the machine the process runs on. Changes nothing but a probe file that is removed again.</summary>
internal static class Machine
{
    private const long WantedOpenFiles = 65536;
    private const long LowSpace = 1L << 30;
    private static readonly TimeSpan s_slowFlush = TimeSpan.FromMilliseconds(50);

    /// <summary>A call holds two sockets; the usual limit of 1024 open files ends at some 500 calls.</summary>
    public static Finding OpenFiles()
    {
        const string name = "open files";
        try
        {
            // "Max open files            1024                 1048576              files"
            var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return !long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) || limit >= WantedOpenFiles
                ? new Finding(name, FindingState.Good, $"limit {soft}")
                : new Finding(name, FindingState.Note, $"limit {soft}: enough for about {limit / 2} calls; raise it with LimitNOFILE= in the service or ulimit -n {WantedOpenFiles}");
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException)
        {
            return new Finding(name, FindingState.Note, "the limit cannot be read on this system");
        }
    }

    /// <summary>A native library that a feature needs.</summary>
    public static Finding Library(string feature, string file, string package)
    {
        if (NativeLibrary.TryLoad(file, out var handle))
        {
            NativeLibrary.Free(handle);
            return new Finding(feature, FindingState.Good, file);
        }

        return new Finding(feature, FindingState.Note, $"{file} is missing, so there is no {feature}; apt-get install {package}");
    }

    /// <summary>The data folder is there, ours and closed to others.</summary>
    public static Finding Folder(DataLayout layout)
    {
        const string name = "data folder";
        if (!System.IO.Directory.Exists(layout.Root))
        {
            return new Finding(name, FindingState.Note, $"{layout.Root} does not exist yet; the first start makes it");
        }

        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(layout.Root) & Others) != 0
            ? new Finding(name, FindingState.Note, $"{layout.Root} is open to other users of this machine; chmod 700 closes it")
            : new Finding(name, FindingState.Good, layout.Root);
    }

    /// <summary>Room for recordings: an hour of speech takes 29 MB on its way and about 7 MB as MP3.</summary>
    public static Finding FreeSpace(DataLayout layout)
    {
        var free = new DriveInfo(Existing(layout.Root)).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / (double)LowSpace:0.0} GB free");
        return new Finding("disk space", free < LowSpace ? FindingState.Bad : FindingState.Good, text);
    }

    /// <summary>How long the disk takes to make a write durable; every "sent" waits for one such write.</summary>
    public static Finding DiskFlush(DataLayout layout)
    {
        const string name = "disk flush";
        var probe = Path.Combine(Existing(layout.Root), $".postbell-probe-{Environment.ProcessId}");
        try
        {
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.Write(new byte[4096]);
            var begin = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            var took = Stopwatch.GetElapsedTime(begin);
            var text = string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.0} ms");
            return new Finding(name, took > s_slowFlush ? FindingState.Note : FindingState.Good, took > s_slowFlush ? $"{text}: a slow disk; \"sent\" is said that much later" : text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Finding(name, FindingState.Bad, $"cannot write to {Existing(layout.Root)}: {fault.Message}");
        }
    }

    private static string Existing(string folder) => System.IO.Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder) ?? "/");
}
