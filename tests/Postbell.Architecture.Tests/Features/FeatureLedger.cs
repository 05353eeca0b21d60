namespace Postbell.Architecture.Tests.Features;

/// <summary>docs/features.tsv: what the product does, and the test that proves it.</summary>
internal static class FeatureLedger
{
    public const string File = "docs/features.tsv";
    public const string Header = "number\tname\tstate\ttests";

    private const string AttackFile = "docs/attacks.tsv";
    private const string AttackHeader = "number\tattack\tstate\ttests";

    /// <summary>Chapters in the order of the table, with their titles and how many features each has.</summary>
    public static readonly (string Chapter, string Title, int Count)[] Chapters =
    [
        ("1", "Roles, signalling, media", 41),
        ("2", "Configuration objects", 27),
        ("3", "Call answering and messages", 64),
        ("4", "Telephone access", 44),
        ("5", "Auto attendants", 20),
        ("6", "Play on Phone and services", 10),
        ("7", "Fax", 7),
        ("8", "Administration", 18),
        ("9", "Working with enterprise voice systems", 9),
        ("10", "Capacity", 4),
        ("11", "Compatibility", 3),
        ("N", "What others do not have", 13),
        ("P", "Promises", 9),
    ];

    public static IReadOnlyList<FeatureRow> Rows { get; } = [.. Read(File, Header)];

    /// <summary>What attackers of such servers try, and the tests that show what they get.</summary>
    public static IReadOnlyList<FeatureRow> Attacks { get; } = [.. Read(AttackFile, AttackHeader)];

    private static IEnumerable<FeatureRow> Read(string file, string header)
    {
        var lines = Repository.Lines(file);
        lines[0].ShouldBe(header);
        for (var i = 1; i < lines.Length; i++)
        {
            var columns = lines[i].Split('\t');
            columns.Length.ShouldBe(4, $"{file}:{i + 1} must have four columns");
            yield return new FeatureRow(file, i + 1, columns[0], columns[1], columns[2], columns[3].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
    }
}
