using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Directory;
using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>postbell.yaml</c>: strictly, every mistake with its line, unknown keys are mistakes.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads a text. The configuration is null when there are errors; relative paths are taken from <paramref name="folder"/>.</summary>
    public static (ServerConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors) Read(string yaml, string fileName, string folder)
    {
        var document = YamlDocument.Parse(yaml, fileName);
        var root = document.Root;
        var configuration = new ServerConfiguration
        {
            DataDirectory = FullPath(root.RequiredText("data"), folder),
            Organization = ReadOrganization(root, folder),
            MailDomain = root.Text("mailDomain", 253) ?? "localhost",
            LogLevel = root.Choice("logLevel", LogLevel.Information),
            DrainTime = root.Duration("drainTime", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromHours(2)),
        };
        configuration = ReadTls(root.Section("tls"), configuration, folder);
        configuration = ReadSip(root.Section("sip"), configuration, folder);
        SipTlsSection.Check(root, configuration.SipTls, configuration.Organization);
        configuration = configuration with { Names = NamesSection.Read(root.Section("dns")) };
        configuration = ReadMedia(root.Section("media"), configuration);
        configuration = ReadMailDoors(root, configuration);
        var signIn = root.Section("signIn");
        configuration = configuration with { SignIn = SignInSection.Read(signIn), Tokens = TokensSection.Read(signIn?.Section("tokens"), configuration.MailDomain, folder) };
        // Read once: a section knows only the keys that were asked of it.
        var smtp = root.Section("smtp");
        configuration = configuration with { Smtp = SmtpSection.Read(smtp, folder), Outbound = SmtpOutboundSection.Read(smtp?.Section("outbound"), folder) };
        SmtpOutboundSection.Check(root, configuration.Outbound, configuration.Organization);
        var errors = document.Finish();
        return (errors.Count == 0 ? configuration : null, errors);
    }

    private static Organization ReadOrganization(YamlSection root, string folder)
    {
        if (root.Section("organization") is not { } section)
        {
            root.Report("organization is missing: without dial plans and gateways every call is refused");
            return Organization.Empty;
        }

        return OrganizationYaml.Read(section, folder) ?? Organization.Empty;
    }

    private static ServerConfiguration ReadTls(YamlSection? section, ServerConfiguration so, string folder) => section is null ? so : so with
    {
        CertificatePath = FullPath(section.RequiredText("certificate"), folder),
        CertificateKeyPath = section.Text("key") is { } key ? FullPath(key, folder) : null,
    };

    private static ServerConfiguration ReadSip(YamlSection? section, ServerConfiguration so, string folder) => section is null ? so : so with
    {
        Sip = EndPoints(section, "listen", 5060, so.Sip),
        SipTls = SipTlsSection.Read(section.Section("tls"), folder),
        SipWebSocket = SipWebSocketSection.Read(section.Section("webSocket")),
        AdvertisedHost = section.Text("advertisedHost", 253),
        SipRealm = SipRealm(section),
        MaxCalls = section.Integer("maxCalls", so.MaxCalls, 1, 100_000),
        MaxOutboundCalls = section.Integer("maxOutboundCalls", so.MaxOutboundCalls, 0, 10_000),
        MaxCallsPerSecond = section.Integer("maxCallsPerSecond", so.MaxCallsPerSecond, 1, 100_000),
        GatewayProbeInterval = ProbeInterval(section, so.GatewayProbeInterval),
        LongestBan = section.Duration("longestBan", so.LongestBan, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
        SipTracing = SipTracingSection.Read(section),
    };

    private static TimeSpan ProbeInterval(YamlSection section, TimeSpan otherwise)
    {
        var interval = section.Duration("gatewayProbeInterval", otherwise, TimeSpan.Zero, TimeSpan.FromHours(1));
        if (interval > TimeSpan.Zero && interval < TimeSpan.FromSeconds(5))
        {
            section.Report("gatewayProbeInterval", "must be 0 s (never) or from 5 s to 1 h");
        }

        return interval;
    }

    private static string? SipRealm(YamlSection section)
    {
        if (section.Text("realm", 128) is not { } realm)
        {
            return null;
        }

        if (realm.Length == 0 || realm.Any(char.IsControl))
        {
            section.Report("realm", "must be a text without control characters");
        }

        return realm;
    }

    private static ServerConfiguration ReadMedia(YamlSection? section, ServerConfiguration so)
    {
        if (section is null)
        {
            return so;
        }

        var first = section.Integer("firstPort", so.FirstRtpPort, 1024, 65534);
        var last = section.Integer("lastPort", so.LastRtpPort, 1025, 65535);
        if (first % 2 != 0)
        {
            section.Report("firstPort", "must be even: RTP has the even ports, RTCP the odd ones");
        }

        if (last <= first)
        {
            section.Report("lastPort", "must be greater than firstPort");
        }

        return so with
        {
            FirstRtpPort = first,
            LastRtpPort = last,
            MediaThreads = section.Integer("threads", 0, 0, 64),
            Codecs = VoiceCodecsKey.Read(section, "codecs") ?? so.Codecs,
            PreferOwnCodecs = section.Flag("preferOwnCodecs", so.PreferOwnCodecs),
            SilenceSuppression = section.Flag("silenceSuppression", so.SilenceSuppression),
        };
    }

    private static ServerConfiguration ReadMailDoors(YamlSection root, ServerConfiguration so)
    {
        if (root.Section("imap") is { } imap)
        {
            so = so with { Imap = EndPoints(imap, "listen", 143, so.Imap), ImapTls = EndPoints(imap, "listenTls", 993, so.ImapTls) };
        }

        return root.Section("web") is { } web ? so with { Web = EndPoints(web, "listen", 8080, so.Web) } : so;
    }

    // "0.0.0.0:5060", "[::]:5060" or an address alone for the usual port. An empty list closes the door.
    internal static IReadOnlyList<IPEndPoint> EndPoints(YamlSection section, string key, int usualPort, IReadOnlyList<IPEndPoint> otherwise)
    {
        if (!section.Has(key))
        {
            return otherwise;
        }

        var ends = new List<IPEndPoint>();
        foreach (var text in section.Texts(key, 64))
        {
            if (IPEndPoint.TryParse(text, out var end) && (IPAddress.TryParse(text, out _) || end.Port != 0))
            {
                ends.Add(end.Port == 0 ? new IPEndPoint(end.Address, usualPort) : end);
            }
            else
            {
                section.Report(key, string.Create(CultureInfo.InvariantCulture, $"must be an address and a port, for instance 0.0.0.0:{usualPort}, not \"{text}\""));
            }
        }

        return ends;
    }

    private static string FullPath(string path, string folder) => path.Length == 0 ? folder : Path.GetFullPath(path, folder);
}
