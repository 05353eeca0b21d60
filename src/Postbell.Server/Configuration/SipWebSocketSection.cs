using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>sip.webSocket</c>.</summary>
internal static class SipWebSocketSection
{
    /// <summary>The door; null without the section.</summary>
    public static SipWebSocketDoor? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var otherwise = new SipWebSocketDoor();
        return new SipWebSocketDoor
        {
            Listen = ConfigurationFile.EndPoints(section, "listen", 5066, otherwise.Listen),
            ListenTls = ConfigurationFile.EndPoints(section, "listenTls", 7443, otherwise.ListenTls),
            AllowedOrigins = Origins(section),
            HandshakeTimeout = section.Duration("handshakeTimeout", otherwise.HandshakeTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            PingInterval = section.Duration("pingInterval", otherwise.PingInterval, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)),
        };
    }

    // As browsers write them (RFC 6454 section 6.2): anything else would never match, and nobody would see why.
    private static IReadOnlyList<string> Origins(YamlSection section)
    {
        var origins = section.Texts("allowedOrigins", 300);
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")
                || !uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase))
            {
                section.Report("allowedOrigins", $"must have origins such as https://phone.example.com, without a path or the usual port, not \"{origin}\"");
            }
        }

        return origins;
    }
}
