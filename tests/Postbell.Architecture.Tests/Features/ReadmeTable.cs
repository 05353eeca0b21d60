using System.Text;

namespace Postbell.Architecture.Tests.Features;

/// <summary>The feature table of README.md, which is made from the ledger and stands between two marks.</summary>
internal static class ReadmeTable
{
    public const string File = "README.md";
    public const string Begin = "<!-- features:begin -->";
    public const string End = "<!-- features:end -->";

    /// <summary>The table as it must be.</summary>
    public static string Compose(IReadOnlyList<FeatureRow> rows)
    {
        var table = new StringBuilder();
        table.Append("| | done | partly | open | what is done |\n| --- | ---: | ---: | ---: | --- |\n");
        foreach (var (chapter, title, _) in FeatureLedger.Chapters)
        {
            var of = rows.Where(r => r.Chapter == chapter).ToArray();
            var done = string.Join("; ", of.Where(r => r.State == "yes").Select(r => r.Name.Replace("|", "\\|")));
            table.Append($"| {title} | {Count(of, "yes")} | {Count(of, "partly")} | {Count(of, "no")} | {done} |\n");
        }

        table.Append($"| **all** | **{Count(rows, "yes")}** | **{Count(rows, "partly")}** | **{Count(rows, "no")}** | |\n");
        return table.ToString();
    }

    /// <summary>The text between the marks; null when they are not there.</summary>
    public static string? Current(string readme)
    {
        var (begin, end) = Range(readme);
        return begin < 0 ? null : readme[begin..end];
    }

    /// <summary>The file with another table between the marks.</summary>
    public static string Replace(string readme, string table)
    {
        var (begin, end) = Range(readme);
        return readme[..begin] + table + readme[end..];
    }

    private static (int Begin, int End) Range(string readme)
    {
        var begin = readme.IndexOf(Begin + "\n", StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin ? (-1, -1) : (begin + Begin.Length + 1, end);
    }

    private static int Count(IReadOnlyList<FeatureRow> rows, string state) => rows.Count(r => r.State == state);
}
