namespace Postbell.Interop.Tests.Server;

/// <summary>Where things lie in the repository the tests run from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string ServerProgram { get; } =
        Environment.GetEnvironmentVariable("POSTBELL_SERVER") ?? Path.Combine(Root, "src/Postbell.Server/bin/Release/net10.0/postbell");

    public static string InteropFolder { get; } = Path.Combine(Root, "tests/Postbell.Interop.Tests");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Postbell.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Postbell.slnx above {AppContext.BaseDirectory}");
    }
}
