using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

public partial class NamingTests
{
    private const int LongestFile = 600;

    // Words that say nothing about what a type is for.
    private static readonly string[] s_emptyWords = ["Helper", "Helpers", "Util", "Utils", "Utilities", "Manager", "Base", "Impl"];

    // Names that end like one of them for a reason.
    private static readonly Dictionary<string, string> s_allowedNames = new()
    {
        ["ServiceManager"] = "the operating system's own word for what starts services (systemd)",
    };

    // Files with more than one class that does something, and why.
    private static readonly Dictionary<string, string> s_allowedPairs = [];

    [Fact]
    public void No_type_is_named_with_a_word_that_says_nothing()
    {
        var offenders = from file in Repository.Sources("src", "tests", "bench")
                        from Match type in TypeDeclaration().Matches(Repository.Read(file))
                        let name = type.Groups["name"].Value
                        where s_emptyWords.Any(w => name.EndsWith(w, StringComparison.Ordinal)) && !s_allowedNames.ContainsKey(name)
                        select $"{file}: {name}";

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void The_namespace_of_a_file_is_its_folder_or_for_types_that_others_use_its_project()
    {
        var offenders = new List<string>();
        foreach (var file in Repository.Sources("src", "tests", "bench"))
        {
            var text = Repository.Read(file);
            var found = NamespaceDeclaration().Match(text);
            var expected = string.Join('.', file.Split('/')[1..^1]);
            var isSeam = found.Groups["name"].Value == file.Split('/')[1] && OuterPublicType().IsMatch(text);
            if (found.Success ? found.Groups["name"].Value != expected && !isSeam : !MayStandOutside(file))
            {
                offenders.Add($"{file}: {(found.Success ? found.Groups["name"].Value : "no namespace")}, expected {expected}");
            }
        }

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void No_file_is_longer_than_600_lines()
    {
        Repository.Sources("src", "tests", "bench").Where(f => Repository.Lines(f).Length > LongestFile).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_named_like_a_public_type_in_it_and_holds_one_class()
    {
        var offenders = new List<string>();
        foreach (var file in Repository.Sources("src"))
        {
            var types = OuterPublicType().Matches(Repository.Read(file));
            var name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            if (types.Count > 0 && types.All(t => t.Groups["name"].Value != name))
            {
                offenders.Add($"{file}: none of its public types is {name}");
            }

            // Records, structs, enums, interfaces and constants may stand beside the class they belong to.
            var classes = types.Where(t => t.Groups["kind"].Value == "class" && !t.Value.Contains(" static ")).Select(t => t.Groups["name"].Value).Distinct().ToArray();
            if (classes.Length > 1 && !s_allowedPairs.ContainsKey(file))
            {
                offenders.Add($"{file}: more than one class ({string.Join(", ", classes)})");
            }
        }

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void The_exceptions_to_the_rules_are_still_needed()
    {
        s_allowedPairs.Keys.Where(f => !Repository.Exists(f)).ShouldBeEmpty();
        var all = Repository.Sources("src", "tests", "bench").Select(Repository.Read).ToArray();
        s_allowedNames.Keys.Where(n => !all.Any(t => t.Contains(" " + n))).ShouldBeEmpty();
    }

    [Fact]
    public void Test_names_are_sentences()
    {
        var offenders = from file in Repository.Sources("tests")
                        from Match test in TestMethod().Matches(Repository.Read(file))
                        where !test.Groups["name"].Value.Contains('_') && !test.Value.Contains("Explicit = true")
                        select $"{file}: {test.Groups["name"].Value}";

        offenders.ShouldBeEmpty();
    }

    private static bool MayStandOutside(string file) => Path.GetFileName(file) is "Program.cs" or "AssemblyInfo.cs" or "GlobalUsings.cs" or "Usings.cs";

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|sealed|static|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record class|record|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|partial|readonly|ref|unsafe) )*(?<kind>class|record struct|record class|record|struct|interface|enum|delegate [\w<>?\[\], ]+?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex OuterPublicType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public [\w<>]+(?: [\w<>]+)? (?<name>\w+)\(")]
    private static partial Regex TestMethod();
}
