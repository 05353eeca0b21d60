using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

public class DependencyDirectionTests
{
    // Which project may use which: the whole truth. A new line here is a decision (docs/decisions).
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Core"] = [],
        ["Mime"] = ["Core"],
        ["Sip"] = ["Core"],
        ["Media"] = ["Core"],
        ["Speech"] = ["Core"],
        ["Directory"] = ["Core"],
        ["Mailbox"] = ["Core", "Mime"],
        ["Delivery"] = ["Core", "Mime", "Media", "Directory", "Mailbox"],
        ["Telephony"] = ["Core", "Sip", "Media", "Speech", "Directory", "Mailbox", "Delivery"],
        ["SignIn"] = ["Core", "Mailbox"],
        ["Imap"] = ["Core", "Mime", "Mailbox", "SignIn"],
        ["Smtp"] = ["Core", "Mime", "Directory", "Mailbox", "SignIn"],
        ["Server"] = ["Core", "Mime", "Sip", "Media", "Speech", "Directory", "Mailbox", "Delivery", "Telephony", "SignIn", "Imap", "Smtp"],
    };

    // Packages a project of src may use; the analyzers that all have stand in Directory.Build.props.
    private static readonly Dictionary<string, string[]> s_packages = new()
    {
        ["Mailbox"] = ["Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Directory"] = ["YamlDotNet"],
        ["Speech"] = ["YamlDotNet"],
        ["Server"] = ["System.CommandLine", "Spectre.Console"],
    };

    // Namespaces that only some projects may touch.
    private static readonly (string Namespace, string[] Only)[] s_reserved =
    [
        ("Microsoft.Data.Sqlite", ["Mailbox"]),
        ("SQLitePCL", ["Mailbox"]),
        ("YamlDotNet", ["Directory", "Speech"]),
        ("System.CommandLine", ["Server"]),
    ];

    // Only transports, the name resolver, the media engine and the client of other mail servers open sockets; the test phone in Server is both.
    private static readonly string[] s_openSockets = ["Core", "Sip", "Media", "Smtp", "Server"];

    [Fact]
    public void Every_project_of_src_uses_only_what_stands_below_it()
    {
        foreach (var project in SourceProjects())
        {
            var name = NameOf(project);
            s_mayUse.ShouldContainKey(name, $"{project} has no line in the table of allowed references");
            var used = Repository.Included(project, "ProjectReference").Select(r => NameOf(r)).ToArray();
            used.Except(s_mayUse[name]).ShouldBeEmpty($"{project} must not use these");
        }
    }

    [Fact]
    public void The_table_names_projects_that_exist_and_has_no_cycle()
    {
        s_mayUse.Keys.Except(SourceProjects().Select(NameOf)).ShouldBeEmpty();
        var placed = new HashSet<string>();
        while (s_mayUse.Keys.Where(n => !placed.Contains(n) && s_mayUse[n].All(placed.Contains)).ToArray() is { Length: > 0 } next)
        {
            placed.UnionWith(next);
        }

        s_mayUse.Keys.Except(placed).ShouldBeEmpty("these use each other in a circle");
    }

    [Fact]
    public void Packages_are_used_only_where_they_belong()
    {
        foreach (var project in SourceProjects())
        {
            Repository.Included(project, "PackageReference").Except(s_packages.GetValueOrDefault(NameOf(project), [])).ShouldBeEmpty(project);
        }
    }

    [Fact]
    public void Reserved_namespaces_are_used_only_where_they_belong()
    {
        foreach (var (reserved, only) in s_reserved)
        {
            var users = Repository.Sources("src")
                .Where(f => Repository.Lines(f).Any(l => l.StartsWith("using " + reserved, StringComparison.Ordinal)))
                .Where(f => !only.Contains(NameOf(f.Split('/')[1])));
            users.ShouldBeEmpty(reserved + " belongs to " + string.Join(", ", only));
        }
    }

    [Fact]
    public void Only_transports_and_the_media_engine_open_sockets()
    {
        Repository.Sources("src")
            .Where(f => Regex.IsMatch(Repository.Read(f), @"\bnew (Socket|UdpClient|TcpClient|TcpListener)\("))
            .Where(f => !s_openSockets.Contains(NameOf(f.Split('/')[1])))
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_product_never_uses_its_tests()
    {
        foreach (var project in SourceProjects())
        {
            Repository.Included(project, "ProjectReference").ShouldAllBe(r => !r.Contains("tests/"), project);
        }
    }

    private static IEnumerable<string> SourceProjects() => Repository.Projects.Where(p => p.StartsWith("src/", StringComparison.Ordinal));

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project.EndsWith(".csproj") ? project : project + ".csproj").Replace("Postbell.", "");
}
