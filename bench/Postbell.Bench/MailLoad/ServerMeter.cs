using System.Diagnostics;
using System.Globalization;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.MailLoad;

/// <summary>What a server, all its processes together, used between two moments.</summary>
internal sealed record ServerUse(double CpuSeconds, double? Instructions);

/// <summary>Measures a server that may be many processes, from outside: the tree below one process.</summary>
internal sealed class ServerMeter
{
    private readonly int _root;
    private readonly Process? _perf;
    private readonly Task<string>? _counts;
    private readonly double _before;

    private ServerMeter(int root)
    {
        _root = root;
        // Those forked from now on are counted along.
        _perf = StartPerf(string.Join(',', Tree(root)));
        _counts = _perf?.StandardError.ReadToEndAsync();
        _before = CpuSeconds(root);
    }

    public static ServerMeter Start(int root) => new(root);

    public async Task<ServerUse> StopAsync()
    {
        var cpu = CpuSeconds(_root) - _before;
        return new ServerUse(cpu, await StopPerfAsync());
    }

    /// <summary>Waits until the server has done what it does behind its answers; a minute at most.</summary>
    public static async Task WaitUntilQuietAsync(int root)
    {
        var quiet = 0;
        for (var i = 0; i < 240 && quiet < 6; i++)
        {
            var before = CpuSeconds(root);
            await Task.Delay(250);
            quiet = CpuSeconds(root) - before < 0.02 ? quiet + 1 : 0;
        }
    }

    /// <summary>Memory of all processes: of pages they share each has its part.</summary>
    public static (double Proportional, double Resident) Megabytes(int root)
    {
        double proportional = 0, resident = 0;
        foreach (var process in Tree(root))
        {
            try
            {
                foreach (var line in File.ReadLines($"/proc/{process}/smaps_rollup"))
                {
                    proportional += line.StartsWith("Pss:", StringComparison.Ordinal) ? Kilobytes(line) / 1024 : 0;
                    resident += line.StartsWith("Rss:", StringComparison.Ordinal) ? Kilobytes(line) / 1024 : 0;
                }
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return (proportional, resident);
    }

    /// <summary>Of all that live, and of the ended ones that their parents have taken note of.</summary>
    public static double CpuSeconds(int root)
    {
        double ticks = 0;
        foreach (var process in Tree(root))
        {
            if (Stat(process) is { } fields)
            {
                // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
                ticks += fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
            }
        }

        return ticks / 100;
    }

    private static double Kilobytes(string line) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static List<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var process) && Stat(process) is { } fields)
            {
                var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                (children.TryGetValue(parent, out var list) ? list : children[parent] = []).Add(process);
            }
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children.GetValueOrDefault(tree[i]) ?? []);
        }

        return tree;
    }

    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Process? StartPerf(string processes)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("perf", ["stat", "-x", ";", "-e", "instructions", "-p", processes]) { RedirectStandardError = true, UseShellExecute = false });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private async Task<double?> StopPerfAsync()
    {
        if (_perf is null)
        {
            return null;
        }

        _ = Libc.Signal(_perf.Id, Libc.Interrupt);
        var lines = (await _counts!).Split('\n');
        await _perf.WaitForExitAsync();
        _perf.Dispose();
        var fields = lines.Select(l => l.Split(';')).FirstOrDefault(f => f.Length > 2 && f[2].StartsWith("instructions", StringComparison.Ordinal));
        return fields is not null && double.TryParse(fields[0], CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
