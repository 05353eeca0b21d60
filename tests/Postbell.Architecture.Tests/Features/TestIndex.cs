using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Postbell.Architecture.Tests.Features;

/// <summary>The tests that stand in the sources, and those that ran.</summary>
internal static partial class TestIndex
{
    /// <summary>Full names (namespace, class, method) of every test method below tests/.</summary>
    public static IReadOnlySet<string> InSources() => Repository.Sources("tests").SelectMany(TestsOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>Full names of tests in the result files of a folder, with their outcomes.</summary>
    public static ILookup<string, string> Outcomes(string folder)
    {
        var results = from file in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories)
                      from result in XDocument.Load(file).Descendants().Where(e => e.Name.LocalName == "UnitTestResult")
                      select (Name: result.Attribute("testName")!.Value.Split('(')[0], Outcome: result.Attribute("outcome")!.Value);
        return results.ToLookup(r => r.Name, r => r.Outcome, StringComparer.Ordinal);
    }

    internal static IEnumerable<string> TestsOf(string file)
    {
        var (space, type, marked) = ("", "", false);
        foreach (var line in Repository.Lines(file))
        {
            if (NamespaceLine().Match(line) is { Success: true } found)
            {
                space = found.Groups["name"].Value;
            }
            else if (ClassLine().Match(line) is { Success: true } outer)
            {
                type = outer.Groups["name"].Value;
            }
            else if (AttributeLine().IsMatch(line))
            {
                marked = true;
            }
            else if (marked && MethodLine().Match(line) is { Success: true } method)
            {
                marked = false;
                yield return $"{space}.{type}.{method.Groups["name"].Value}";
            }
        }
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)")]
    private static partial Regex NamespaceLine();

    // Only outer classes hold tests.
    [GeneratedRegex(@"^public (?:(?:sealed|abstract|partial) )*class (?<name>\w+)")]
    private static partial Regex ClassLine();

    [GeneratedRegex(@"^\s*\[(?:Fact|Theory)\b")]
    private static partial Regex AttributeLine();

    [GeneratedRegex(@"^\s*public (?:async )?[\w<>]+ (?<name>\w+)\(")]
    private static partial Regex MethodLine();
}
