using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

public class DocumentTests
{
    [Fact]
    public void Links_between_documents_lead_to_files_that_exist()
    {
        var broken = from file in Repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
                     from Match link in Regex.Matches(Repository.Read(file), @"\]\((?!https?:|mailto:|#)([^)#\s]+)")
                     let target = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, link.Groups[1].Value))
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{file}: {link.Groups[1].Value}";

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Every_key_of_the_organization_is_documented_and_no_other()
    {
        var known = Regex.Matches(Repository.Read("src/Postbell.Directory/OrganizationReader.cs"), @"(?:RequiredText|RequiredInteger|Text|Texts|Integer|Flag|Choice|Duration|Find|Minutes|Sections)\((?:section, )?""(\w+)""")
            .Select(m => m.Groups[1].Value).ToHashSet();
        var document = Repository.Read("docs/admin/organization.md");
        var documented = Regex.Matches(document, @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(m => m.Groups[1].Value)
            .Concat(Regex.Matches(document, @"^## (\w+)\r?$", RegexOptions.Multiline).Select(m => m.Groups[1].Value)).ToHashSet();

        known.Count.ShouldBeGreaterThan(20);
        documented.Order().ShouldBe(known.Order());
    }
}
