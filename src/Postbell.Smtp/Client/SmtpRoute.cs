using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.Smtp.Client;

/// <summary>A server that takes our mail, and how it is spoken to.</summary>
public sealed record SmtpRoute
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Where it is; null looks the host up.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Port.</summary>
    public int Port { get; init; } = 25;

    /// <summary>How it is protected.</summary>
    public SmtpTlsUse Tls { get; init; } = SmtpTlsUse.Verified;

    /// <summary>TLS from the first byte (RFC 8314 section 3.3, usually port 465) and not by STARTTLS.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Authorities the certificate may come from; empty takes those of the system.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Who we are there; null does not sign in.</summary>
    public string? User { get; init; }

    /// <summary>Its password, asked at each sign-in so that a changed one counts at once.</summary>
    public Func<string> Password { get; init; } = static () => "";

    /// <summary>Most connections at once.</summary>
    public int MaxConnections { get; init; } = 4;

    /// <summary>Longest waits.</summary>
    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>For people.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
