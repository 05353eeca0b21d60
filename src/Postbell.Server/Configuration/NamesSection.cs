using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>dns</c>.</summary>
internal static class NamesSection
{
    private const int UsualPort = 53;

    /// <summary>The settings; the usual ones without the section.</summary>
    public static NameSettings Read(YamlSection? section)
    {
        var usual = new NameSettings();
        return section is null ? usual : new NameSettings
        {
            Servers = ConfigurationFile.EndPoints(section, "servers", UsualPort, usual.Servers),
            Timeout = section.Duration("timeout", usual.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
            UnreachableFor = section.Duration("unreachableFor", usual.UnreachableFor, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
    }
}
