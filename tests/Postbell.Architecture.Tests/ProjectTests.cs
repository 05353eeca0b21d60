using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

public class ProjectTests
{
    [Fact]
    public void Every_project_is_in_the_solution_and_the_other_way_round()
    {
        var listed = Regex.Matches(Repository.Read("Postbell.slnx"), "<Project Path=\"([^\"]+)\"").Select(m => m.Groups[1].Value);

        listed.Order(StringComparer.Ordinal).ShouldBe(Repository.Projects);
    }

    [Fact]
    public void Every_project_has_its_lock_file()
    {
        Repository.Projects.Where(p => !Repository.Exists(Path.Combine(Path.GetDirectoryName(p)!, "packages.lock.json"))).ShouldBeEmpty();
    }

    [Fact]
    public void Package_versions_are_exact_and_stand_in_one_place()
    {
        foreach (Match version in Regex.Matches(Repository.Read("Directory.Packages.props"), "<PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\""))
        {
            version.Groups[2].Value.ShouldMatch(@"^\d+(\.\d+)+(-[0-9A-Za-z.]+)?$", version.Groups[1].Value);
        }

        foreach (var project in Repository.Projects)
        {
            Regex.IsMatch(Repository.Read(project), "<PackageReference[^>]*Version").ShouldBeFalse(project);
        }
    }

    [Fact]
    public void Every_package_has_a_line_in_the_decision_on_dependencies()
    {
        var decision = Repository.Read("docs/decisions/0002-dependencies.md");

        foreach (Match version in Regex.Matches(Repository.Read("Directory.Packages.props"), "<PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\""))
        {
            decision.ShouldContain($"| {version.Groups[1].Value} |", Case.Sensitive, "docs/decisions/0002-dependencies.md names licence and upkeep of every package");
        }
    }

    [Fact]
    public void One_editorconfig_rules_all_projects()
    {
        Repository.Files.Where(f => f.EndsWith(".editorconfig", StringComparison.Ordinal)).ShouldBe([".editorconfig"]);
        Repository.Read(".editorconfig").ShouldContain("root = true");
        Repository.Exists("global.json").ShouldBeTrue();
        Repository.Exists("LICENSE").ShouldBeTrue();
    }

    [Fact]
    public void No_project_switches_the_rules_off()
    {
        foreach (var project in Repository.Projects)
        {
            var text = Repository.Read(project);
            foreach (var forbidden in new[] { "<TreatWarningsAsErrors>false", "<Nullable>disable", "<ManagePackageVersionsCentrally>false", "<RestorePackagesWithLockFile>false" })
            {
                text.ShouldNotContain(forbidden, Case.Insensitive, project);
            }
        }
    }

    [Fact]
    public void Every_prompt_has_a_text_in_every_language()
    {
        var ids = Regex.Matches(Repository.Read("src/Postbell.Speech/PromptId.cs"), @"^    (\w+),", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToArray();
        var languages = Repository.Files.Where(f => f.StartsWith("prompts/", StringComparison.Ordinal) && f.EndsWith("/prompts.yaml", StringComparison.Ordinal)).ToArray();

        ids.Length.ShouldBeGreaterThan(20);
        languages.ShouldContain("prompts/en-US/prompts.yaml");
        foreach (var language in languages)
        {
            var texts = Regex.Matches(Repository.Read(language), @"^  ([A-Z]\w+): ""[^""]+""$", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
            texts.Order(StringComparer.Ordinal).ShouldBe(ids.Order(StringComparer.Ordinal), language);
        }
    }
}
