using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Reads <c>digest</c> of a gateway. The password comes from a file, or stands there itself.</summary>
internal static class GatewayDigestReader
{
    private const int LongestText = 128;

    /// <summary>The credentials; null without the section or after an error.</summary>
    /// <param name="section">The gateway's section.</param>
    /// <param name="folder">Folder that relative paths are taken from.</param>
    public static GatewayDigest? Read(YamlSection section, string folder)
    {
        if (section.Section("digest") is not { } digest)
        {
            return null;
        }

        var file = digest.Text("passwordFile") is { } path ? Path.GetFullPath(path, folder) : null;
        var password = digest.Text("password", LongestText);
        if ((file is null) == (password is null))
        {
            digest.Report("needs passwordFile or password, one of them");
        }

        if (file is not null)
        {
            password = ReadFile(digest, file);
        }

        var user = Clean(digest, "user", digest.RequiredText("user", LongestText));
        return new GatewayDigest
        {
            User = user,
            Password = Clean(digest, file is null ? "password" : "passwordFile", password ?? ""),
            PasswordFile = file,
            Realm = digest.Text("realm", LongestText) is { } realm ? Clean(digest, "realm", realm) : null,
            Challenge = digest.Flag("challenge", true),
            Algorithm = digest.Choice("algorithm", GatewayHash.Both),
        };
    }

    private static string? ReadFile(YamlSection section, string file)
    {
        try
        {
            // The first line; editors end it.
            if (File.ReadLines(file).FirstOrDefault() is { Length: > 0 and <= LongestText } line)
            {
                return line;
            }

            section.Report("passwordFile", $"{file} must hold the password in its first line, 1 to {LongestText} characters");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            section.Report("passwordFile", $"{file} cannot be read: {fault.Message}");
        }

        return null;
    }

    private static string Clean(YamlSection section, string key, string text)
    {
        if (text.Any(char.IsControl))
        {
            section.Report(key, "holds a control character");
        }

        return text;
    }
}
