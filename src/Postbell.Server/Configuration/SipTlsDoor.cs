using System.Net;

namespace Postbell.Server.Configuration;

/// <summary>SIP over TLS.</summary>
internal sealed record SipTlsDoor
{
    /// <summary>Where it listens.</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [new(IPAddress.Any, 5061)];

    /// <summary>PEM file of the certificate; null is the one of the other doors.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM file of its key; null when the certificate's file holds it.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>PEM file of the authorities that issue gateways' certificates; null asks for no certificate.</summary>
    public string? ClientCaPath { get; init; }

    /// <summary>Time a handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most handshakes at once from one address.</summary>
    public int MaxHandshakesPerAddress { get; init; } = 16;
}
