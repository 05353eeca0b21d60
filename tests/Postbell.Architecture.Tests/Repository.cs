using System.Text.RegularExpressions;

namespace Postbell.Architecture.Tests;

/// <summary>The files of the repository, as they are on disk.</summary>
internal static class Repository
{
    private static readonly string[] s_notOurs = ["bin", "obj", "node_modules", "TestResults", ".git", ".vs", ".idea", ".cache", "data"];

    /// <summary>The folder with Postbell.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that belongs to the repository, relative to <see cref="Root"/>, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesIn(Root).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Every project file.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool Exists(string file) => File.Exists(Path.Combine(Root, file));

    /// <summary>C# files below the given folders.</summary>
    public static IEnumerable<string> Sources(params string[] folders) =>
        Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(folder => f.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>The values of an attribute of the elements of a project file, for instance all ProjectReference Include.</summary>
    public static IReadOnlyList<string> Included(string project, string element) =>
        [.. Regex.Matches(Read(project), $"<{element}\\s[^>]*Include=\"([^\"]+)\"").Select(m => m.Groups[1].Value)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Postbell.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests read the repository; they must run inside of it.");
    }

    private static IEnumerable<string> FilesIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) != ".git"))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(d => !s_notOurs.Contains(Path.GetFileName(d))))
        {
            foreach (var file in FilesIn(inner))
            {
                yield return file;
            }
        }
    }
}
