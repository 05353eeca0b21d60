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
    public void A_protocol_that_is_spoken_names_the_place_where_it_is()
    {
        var rows = Repository.Read("docs/protocols.tsv").TrimEnd('\n').Split('\n').Skip(1).Select(row => row.Split('\t')).ToArray();

        rows.Where(row => row.Length != 4).ShouldBeEmpty();
        rows.Select(row => int.Parse(row[0])).ShouldBeInOrder(SortDirection.Ascending);
        rows.Where(row => row[2] is not ("yes" or "partly" or "no")).ShouldBeEmpty();
        rows.Where(row => row[2] == "no" ? row[3].Length > 0 : !Path.Exists(Path.Combine(Repository.Root, row[3]))).Select(row => row[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_key_of_the_organization_is_documented_and_no_other()
    {
        var known = Regex.Matches(
            Repository.Read("src/Postbell.Directory/OrganizationReader.cs") + Repository.Read("src/Postbell.Directory/GatewayDigestReader.cs")
                + Repository.Read("src/Postbell.Directory/RetentionRulesKey.cs")
                + Repository.Read("src/Postbell.Directory/TeamMailboxReader.cs") + Repository.Read("src/Postbell.Directory/DistributionGroupReader.cs"),
            @"(?:RequiredText|RequiredInteger|Text|Texts|Integer|Flag|Choice|Duration|Size|Find|Minutes|Section|Sections|VoiceCodecsKey.Read)\((?:section, )?""(\w+)""")
            .Select(m => m.Groups[1].Value).ToHashSet();
        var document = Repository.Read("docs/admin/organization.md");
        var documented = Regex.Matches(document, @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(m => m.Groups[1].Value)
            .Concat(Regex.Matches(document, @"^## (\w+)\r?$", RegexOptions.Multiline).Select(m => m.Groups[1].Value)).ToHashSet();

        known.Count.ShouldBeGreaterThan(20);
        documented.Order().ShouldBe(known.Order());
    }
}
