using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.Directory;
using Postbell.Directory.Yaml;
using Postbell.Smtp.Client;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>smtp.outbound</c>.</summary>
internal static class SmtpOutboundSection
{
    private const int ImplicitTlsPort = 465;

    /// <summary>The settings; null without the section.</summary>
    public static SmtpOutbound? Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var port = section.Integer("port", 25, 1, 65535);
        var tls = section.Choice("tls", SmtpTlsUse.Verified);
        var route = new SmtpRoute
        {
            Host = section.RequiredText("smartHost", 253),
            Port = port,
            Tls = tls,
            ImplicitTls = section.Flag("implicitTls", port == ImplicitTlsPort && tls != SmtpTlsUse.None),
            Authorities = Authorities(section, folder),
            User = section.Text("user", 256),
            MaxConnections = section.Integer("maxConnections", 4, 1, 100),
        };
        if (route.ImplicitTls && tls is (SmtpTlsUse.None or SmtpTlsUse.Opportunistic))
        {
            section.Report("implicitTls", "needs tls: Verified or Required");
        }

        return new SmtpOutbound
        {
            SmartHost = route with { Password = Password(section, folder, route) },
            HostName = section.Text("hostName", 253),
            Sender = section.Text("sender", 254),
            GiveUpAfter = section.Duration("giveUpAfter", TimeSpan.FromDays(5), TimeSpan.FromHours(1), TimeSpan.FromDays(30)),
            WarnAfter = section.Duration("warnAfter", TimeSpan.FromHours(4), TimeSpan.FromMinutes(5), TimeSpan.FromDays(5)),
        };
    }

    /// <summary>A policy that hands messages to the mail system needs a way there.</summary>
    public static void Check(YamlSection root, SmtpOutbound? outbound, Organization organization)
    {
        if (outbound is null && organization.MailboxPolicies.FirstOrDefault(static p => p.Delivery == DeliveryMode.Unified) is { } policy)
        {
            root.Report($"mailbox policy \"{policy.Name}\" has delivery: Unified, but there is no smtp.outbound to hand its messages to");
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
