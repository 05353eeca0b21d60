using System.Globalization;
using System.Text;
using Postbell.Bench.Measuring;

namespace Postbell.Bench.Report;

/// <summary>The results of several runs as the tables of docs/performance.md.</summary>
internal static class MarkdownTable
{
    /// <summary>A generator that stood still longer then sends in one burst what it owes; no socket buffer holds that.</summary>
    private const long TooLate = 500;

    public static string Of(IReadOnlyList<LoadReport> runs)
    {
        var text = new StringBuilder();
        text.AppendLine("| run | calls ok | set-up p50 / p99 ms | first RTP p50 / p99 ms | pace p50 / p99 ms | packets lost in / refused out | CPU ms per call-second | instructions per call-second (user + kernel) | of the whole run, per call | memory idle / loaded MB | threads | generator CPU, worst lateness |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var run in runs)
        {
            var cost = run.Steady;
            text.Append(CultureInfo.InvariantCulture, $"| {run.Name} | {run.Succeeded} of {run.Calls} | {Pair(run.SetUpP50, run.SetUpP99)} | {Pair(run.FirstRtpP50, run.FirstRtpP99)} | {Pair(run.PaceP50, run.PaceP99)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {run.PacketsLost} / {run.PacketsNotSent} | {Figure(cost?.CpuMillisecondsPerCallSecond, "0.000")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {(cost is null ? "" : Instructions(cost.InstructionsPerCallSecond, cost.UserInstructions, cost.KernelInstructions))} | {Millions(run.WholeInstructionsPerCall)}, {Figure(run.Whole?.CpuSeconds * 1000 / Math.Max(1, run.Succeeded), "0.00")} ms ");
            var late = run.GeneratorWorstLateness > TooLate ? " (too late: the run shows the machine, not the server)" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Figure(run.IdleMegabytes, "0")} / {Figure(run.ServerMegabytes, "0")} | {run.ServerThreads} | {run.GeneratorCpuShare * 100:0} %, {run.GeneratorWorstLateness} ms{late} |");
        }

        foreach (var run in runs.Where(r => r.Mail is not null || r.DeliveredCount is not null || r.Failures.Count > 0))
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{run.Name}:");
            if (run.Mail is { } mail)
            {
                text.Append(CultureInfo.InvariantCulture, $" {mail.Found} of {mail.Expected} messages in the mailboxes; {mail.FramesLost} of {mail.FramesChecked} frames lost in {mail.Sampled} messages compared sample by sample{(mail.NotComparable > 0 ? $", {mail.NotComparable} NOT ALIGNED" : "")}.");
            }

            if (run.DeliveredCount is { } count)
            {
                text.Append(CultureInfo.InvariantCulture, $" BYE to EXISTS in IDLE, p50 / p99: {Pair(run.DeliveredP50, run.DeliveredP99)} ms over {count} messages.");
            }

            foreach (var (reason, number) in run.Failures)
            {
                text.Append(CultureInfo.InvariantCulture, $" FAILED: {number} x {reason}.");
            }

            text.AppendLine();
        }

        AppendRatios(text, runs);
        return text.ToString();
    }

    private static void AppendRatios(StringBuilder text, IReadOnlyList<LoadReport> runs)
    {
        foreach (var (ours, floor) in new[] { ("record", "floor record"), ("play", "floor play") })
        {
            var mine = runs.FirstOrDefault(r => r.Name == ours)?.Steady;
            var least = runs.FirstOrDefault(r => r.Name == floor)?.Steady;
            if (mine is not null && least is not null)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{ours} against the floor in the same run: {Ratio(mine.InstructionsPerCallSecond, least.InstructionsPerCallSecond)} times the instructions, {Ratio(mine.CpuMillisecondsPerCallSecond, least.CpuMillisecondsPerCallSecond)} times the CPU time.");
            }
        }
    }

    private static string Ratio(double? a, double? b) => a is null || b is null or 0 ? "not measured" : (a.Value / b.Value).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Pair(double? a, double? b) => a is null ? "" : $"{Figure(a, "0.00")} / {Figure(b, "0.00")}";

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Instructions(double? all, double? user, double? kernel) => all is null ? "not supported here" : $"{Millions(all)} ({Millions(user)} + {Millions(kernel)})";

    private static string Millions(double? value) => value is null ? "not supported here" : (value.Value / 1e6).ToString("0.000", CultureInfo.InvariantCulture) + " M";
}
