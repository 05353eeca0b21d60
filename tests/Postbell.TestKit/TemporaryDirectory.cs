namespace Postbell.TestKit;

/// <summary>An empty folder of its own for one test, removed with everything in it at the end.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("postbell-test-").FullName;

    public static implicit operator string(TemporaryDirectory directory) => directory.Path;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A test may remove its own folder.
        }
    }
}
