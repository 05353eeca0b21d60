using System.Net;
using Postbell.Directory;
using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>sip.tls</c>, and checks that what the organization demands can be had.</summary>
internal static class SipTlsSection
{
    /// <summary>The door; null without the section.</summary>
    public static SipTlsDoor? Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var otherwise = new SipTlsDoor();
        var door = new SipTlsDoor
        {
            Listen = ConfigurationFile.EndPoints(section, "listen", 5061, otherwise.Listen),
            CertificatePath = ExistingFile(section, "certificate", folder),
            CertificateKeyPath = ExistingFile(section, "key", folder),
            ClientCaPath = ExistingFile(section, "clientCa", folder),
            HandshakeTimeout = section.Duration("handshakeTimeout", otherwise.HandshakeTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            MaxHandshakesPerAddress = section.Integer("maxHandshakesPerAddress", otherwise.MaxHandshakesPerAddress, 1, 1000),
        };
        if (section.Has("key") && !section.Has("certificate"))
        {
            section.Report("key", "belongs to a certificate, which is missing");
        }

        return door;
    }

    /// <summary>Gateways with host names and dial plans that demand certificates need the door and the authorities.</summary>
    public static void Check(YamlSection root, SipTlsDoor? door, Organization organization)
    {
        if (door?.ClientCaPath is not null)
        {
            return;
        }

        var why = organization.Gateways.FirstOrDefault(g => g.IsKnownByCertificate) is { } gateway ? $"gateway \"{gateway.Name}\" has a host name and transport Tls"
            : organization.DialPlans.FirstOrDefault(p => p.VoipSecurity.DemandsCertificate()) is { } plan ? $"dial plan \"{plan.Name}\" is {plan.VoipSecurity}"
            : null;
        if (why is not null)
        {
            root.Report(root.Has("sip") ? "sip" : "organization", $"needs tls.clientCa: {why}, and only a certificate proves who a gateway is");
        }
    }

    private static string? ExistingFile(YamlSection section, string key, string folder)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        var path = Path.GetFullPath(text, folder);
        if (!File.Exists(path))
        {
            section.Report(key, $"names {path}, which is not there");
        }

        return path;
    }
}
