using Postbell.Directory.Yaml;
using Postbell.SignIn;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>signIn.tokens</c>.</summary>
internal static class TokensSection
{
    /// <summary>Which tokens are taken; null without the section.</summary>
    public static TokenOptions? Read(YamlSection? section, string mailDomain, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var options = new TokenOptions
        {
            Issuer = section.RequiredText("issuer", 500),
            Audience = section.RequiredText("audience", 500),
            UserClaim = section.Text("userClaim", 100) ?? "preferred_username",
            Scope = section.Text("scope", 200),
            MailDomain = mailDomain,
            Keys = Address(section, "keys"),
            Introspection = Address(section, "introspection"),
            ClientId = section.Text("clientId", 200) ?? "",
            ClientSecret = Secret(section, folder),
        };
        if (section.Has("keys") == section.Has("introspection"))
        {
            section.Report("needs either keys or introspection, to tell which tokens are good");
        }

        if (section.Has("introspection") && !(section.Has("clientId") && section.Has("clientSecretFile")))
        {
            section.Report("introspection", "needs clientId and clientSecretFile");
        }

        return options;
    }

    private static Uri? Address(YamlSection section, string key)
    {
        if (section.Text(key, 1000) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            return address;
        }

        section.Report(key, "must be an https address, or an http address of this machine");
        return null;
    }

    private static Func<string> Secret(YamlSection section, string folder)
    {
        if (section.Text("clientSecretFile", 1000) is not { } name)
        {
            return static () => "";
        }

        var path = Path.GetFullPath(name, folder);
        if (!File.Exists(path))
        {
            section.Report("clientSecretFile", $"there is no file {path}");
        }

        return () => Read(path);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim() ?? "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SignInUnavailableException($"The secret in {path} cannot be read: {fault.Message}", fault);
        }
    }
}
