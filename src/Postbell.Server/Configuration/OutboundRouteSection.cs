using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.Directory.Yaml;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Configuration;

/// <summary>Reads one way of outgoing mail: <c>smtp.outbound</c> itself, or one of its <c>routes</c>.</summary>
internal static class OutboundRouteSection
{
    private const int ImplicitTlsPort = 465;

    /// <summary>The way, for the domains given.</summary>
    public static OutboundRoute Read(YamlSection section, string folder, IReadOnlyList<string> domains)
    {
        var isDirect = section.Flag("mx", @default: false);
        var host = section.Text("smartHost", 253);
        if (isDirect == host is not null)
        {
            section.Report("smartHost", isDirect ? "and mx: true exclude each other" : "is missing; mx: true sends to the mail servers of each domain instead");
        }

        var port = section.Integer("port", 25, 1, 65535);
        // Certificates of strangers' mail servers seldom name them: there TLS keeps listeners out.
        var tls = section.Choice("tls", isDirect ? SmtpTlsUse.Opportunistic : SmtpTlsUse.Verified);
        var server = new SmtpRoute
        {
            Host = host ?? "",
            Port = port,
            Tls = tls,
            ImplicitTls = section.Flag("implicitTls", port == ImplicitTlsPort && tls != SmtpTlsUse.None),
            Authorities = Authorities(section, folder),
            User = section.Text("user", 256),
            MaxConnections = section.Integer("maxConnections", 4, 1, 100),
        };
        if (server.ImplicitTls && tls is (SmtpTlsUse.None or SmtpTlsUse.Opportunistic))
        {
            section.Report("implicitTls", "needs tls: Verified or Required");
        }

        if (isDirect && server.User is not null)
        {
            section.Report("user", "is for a smart host only: servers found by MX get no password");
        }

        return new OutboundRoute { Domains = domains, Server = server with { Password = Password(section, folder, server) }, IsDirect = isDirect };
    }

    /// <summary>The ways for named domains.</summary>
    public static IEnumerable<OutboundRoute> ReadAll(YamlSection outbound, string folder)
    {
        foreach (var route in outbound.Sections("routes"))
        {
            var domains = route.Texts("domains", 253);
            if (domains.Count == 0)
            {
                route.Report("domains", "is missing: which domains the route is for, a leading dot for all below");
            }

            yield return Read(route, folder, domains);
        }
    }

    // A password never stands in the configuration itself, and never goes where anybody listens.
    private static Func<string> Password(YamlSection section, string folder, SmtpRoute route)
    {
        var file = section.Text("passwordFile");
        if (file is null != route.User is null)
        {
            section.Report(file is null ? "passwordFile" : "user", "is missing: user and passwordFile belong together");
        }

        if (file is null)
        {
            return static () => "";
        }

        if (route.Tls is SmtpTlsUse.None or SmtpTlsUse.Opportunistic)
        {
            section.Report("tls", "must be Verified or Required where a password is sent");
        }

        var path = Path.GetFullPath(file, folder);
        if (!File.Exists(path))
        {
            section.Report("passwordFile", $"there is no file {path}");
        }

        return () => File.ReadAllText(path).Trim();
    }

    private static X509Certificate2Collection Authorities(YamlSection section, string folder)
    {
        var authorities = new X509Certificate2Collection();
        if (section.Text("authorities") is { } file)
        {
            try
            {
                authorities.ImportFromPemFile(Path.GetFullPath(file, folder));
            }
            catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException)
            {
                section.Report("authorities", $"cannot be read: {unusable.Message}");
            }
        }

        return authorities;
    }
}
