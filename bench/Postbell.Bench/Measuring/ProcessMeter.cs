using System.Diagnostics;
using System.Globalization;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.Measuring;

/// <summary>What a process has used up at one moment.</summary>
internal sealed record Usage(double UserSeconds, double SystemSeconds, long ResidentBytes, int Threads)
{
    public double CpuSeconds => UserSeconds + SystemSeconds;

    public static Usage Of(int process)
    {
        // After the closing bracket of the name: state, ppid ... utime is field 14, stime 15, num_threads 20, rss 24 (proc(5)).
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        const double TicksPerSecond = 100;
        return new Usage(
            long.Parse(fields[11], CultureInfo.InvariantCulture) / TicksPerSecond,
            long.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond,
            long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize,
            int.Parse(fields[17], CultureInfo.InvariantCulture));
    }
}

/// <summary>What a process used between two moments. Instructions are null where perf cannot count them.</summary>
internal sealed record Consumption(double CpuSeconds, double UserSeconds, double SystemSeconds, long? UserInstructions, long? KernelInstructions, long ResidentBytes, int Threads)
{
    public double? Instructions => UserInstructions + KernelInstructions;
}

/// <summary>Measures the server from outside: /proc for time and memory, perf for instructions.</summary>
internal sealed class ProcessMeter
{
    private readonly int _process;
    private readonly Process? _perf;
    private readonly Task<string>? _counts;
    private readonly Usage _before;

    private ProcessMeter(int process)
    {
        _process = process;
        _perf = StartPerf(process);
        _counts = _perf?.StandardError.ReadToEndAsync();
        _before = Usage.Of(process);
    }

    /// <summary>Begins a window; null when there is no process to measure.</summary>
    public static ProcessMeter? Start(int process) => process > 0 ? new ProcessMeter(process) : null;

    public async Task<Consumption> StopAsync()
    {
        var after = Usage.Of(_process);
        var (user, kernel) = await StopPerfAsync();
        return new Consumption(
            after.CpuSeconds - _before.CpuSeconds, after.UserSeconds - _before.UserSeconds, after.SystemSeconds - _before.SystemSeconds,
            user, kernel, after.ResidentBytes, after.Threads);
    }

    private static Process? StartPerf(int process)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("perf", ["stat", "-x", ";", "-e", "instructions:u,instructions:k", "-p", $"{process}"])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private async Task<(long? User, long? Kernel)> StopPerfAsync()
    {
        if (_perf is null)
        {
            return (null, null);
        }

        _ = Libc.Signal(_perf.Id, Libc.Interrupt);
        var lines = (await _counts!).Split('\n');
        await _perf.WaitForExitAsync();
        _perf.Dispose();
        return (CountOf(lines, "instructions:u"), CountOf(lines, "instructions:k"));
    }

    private static long? CountOf(string[] lines, string name)
    {
        // value;unit;event;run time;percentage ... or "<not supported>" as value.
        var fields = lines.Select(l => l.Split(';')).FirstOrDefault(f => f.Length > 2 && f[2] == name);
        return fields is not null && long.TryParse(fields[0], CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
