using System.Globalization;
using System.Text;
using Postbell.Bench.MailLoad;

namespace Postbell.Bench.Report;

/// <summary>The runs of the mail doors side by side: the median of the rounds of each server, and the first server against the better of the others.</summary>
internal static class MailTable
{
    public static string Of(IReadOnlyList<MailFigures> runs)
    {
        var text = new StringBuilder();
        foreach (var part in runs.GroupBy(r => r.Part))
        {
            var servers = part.GroupBy(r => r.Server).ToList();
            var rounds = servers.Max(s => s.Count());
            text.Append(CultureInfo.InvariantCulture, $"| {part.Key}, median of {rounds} round{(rounds == 1 ? "" : "s")} |");
            servers.ForEach(s => text.Append(CultureInfo.InvariantCulture, $" {s.Key} |"));
            text.AppendLine(servers.Count > 1 ? $" {servers[0].Key} against the better of the others |" : "");
            text.AppendLine("| --- |" + string.Concat(Enumerable.Repeat(" --- |", servers.Count + (servers.Count > 1 ? 1 : 0))));
            foreach (var name in servers[0].First().Values.Keys)
            {
                var values = servers.ConvertAll(s => Median([.. s.Select(r => r.Values.GetValueOrDefault(name))]));
                text.Append(CultureInfo.InvariantCulture, $"| {name} |");
                values.ForEach(v => text.Append(CultureInfo.InvariantCulture, $" {Figure(v)} |"));
                text.AppendLine(servers.Count > 1 ? $" {Ratio(name, values)} |" : "");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>Above one means the first is better: more a second, or less of everything else.</summary>
    private static string Ratio(string name, List<double> values)
    {
        var more = name.EndsWith("a second", StringComparison.Ordinal);
        var other = more ? values.Skip(1).Max() : values.Skip(1).Min();
        var compared = more || name.Contains("ms", StringComparison.Ordinal) || name.Contains("instructions", StringComparison.Ordinal) || name.Contains("kB", StringComparison.Ordinal);
        return !compared || values[0] <= 0 || other <= 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(more ? values[0] / other : other / values[0]):0.00} x");
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    private static string Figure(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
