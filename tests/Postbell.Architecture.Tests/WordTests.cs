using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

public class WordTests
{
    // What must not stand in the repository, and why. Written in pieces, so that this file does not find itself.
    private static readonly (string Pattern, string Reason)[] s_banned =
    [
        (@"(?<![\w.])/wo" + @"rk(?![\w])", "a path of one machine"),
        (@"\.\./sha" + "red", "a folder outside of the repository"),
        (@"(?<![\w.])/ho" + @"me/\w", "a path of one machine"),
        (@"(?<![\w.])/ro" + "ot/", "a path of one machine"),
        (@"C:\\\\?Us" + "ers", "a path of one machine"),
        ("CONTRA" + @"CTS\.md", "a paper that is not here"),
        (@"\bwork" + "tree", "how the work is done is not part of the product"),
        (@"\bTO" + @"DO\b|\bFIX" + @"ME\b", "what is missing stands in docs/features.tsv or in an issue"),
        (@"<<<<" + "<<< |>>>>" + ">>> ", "an unfinished merge"),
    ];

    private static readonly string[] s_binary = [".wav", ".mp3", ".png", ".jpg", ".ico", ".db", ".bin", ".raw", ".ulaw", ".alaw", ".woff2", ".pem", ".pfx"];

    [Fact]
    public void Nothing_in_the_repository_belongs_to_one_machine_or_is_left_over()
    {
        var offenders = from file in Repository.Files
                        where !s_binary.Contains(Path.GetExtension(file)) && !IsWrittenByTools(file)
                        let lines = Repository.Lines(file)
                        from number in Enumerable.Range(0, lines.Length)
                        from banned in s_banned
                        where Regex.IsMatch(lines[number], banned.Pattern)
                        select $"{file}:{number + 1}: {banned.Reason}: {lines[number].Trim()}";

        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void Packages_come_from_the_public_registries()
    {
        var offenders = from file in Repository.Files.Where(f => f.EndsWith("package-lock.json", StringComparison.Ordinal))
                        from Match resolved in Regex.Matches(Repository.Read(file), "\"resolved\": \"([^\"]+)\"")
                        where !resolved.Groups[1].Value.StartsWith("https://registry.npmjs.org/", StringComparison.Ordinal)
                        select $"{file}: {resolved.Groups[1].Value}";

        offenders.ShouldBeEmpty();
        Repository.Files.Where(f => Path.GetFileName(f).ToLowerInvariant() == "nuget.config" || (Path.GetFileName(f) == ".npmrc" && Regex.IsMatch(Repository.Read(f), @"registry\s*=|_auth", RegexOptions.Multiline)))
            .ShouldBeEmpty("the registry is chosen outside of the repository");
    }

    [Fact]
    public void Text_files_end_their_lines_with_a_line_feed()
    {
        var offenders = from file in Repository.Files
                        where Path.GetExtension(file) is ".cs" or ".csproj" or ".md" or ".yaml" or ".sh" or ".tsv" or ".props" or ".slnx"
                        where Repository.Read(file).Contains('\r')
                        select file;

        offenders.ShouldBeEmpty();
    }

    private static bool IsWrittenByTools(string file) => Path.GetFileName(file) is "packages.lock.json" or "package-lock.json";
}
