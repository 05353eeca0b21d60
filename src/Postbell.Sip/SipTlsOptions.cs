using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.Sip;

/// <summary>What an endpoint needs for TLS.</summary>
public sealed record SipTlsOptions
{
    /// <summary>
    /// Our certificate with its key and the certificates above it. Asked at every handshake, from any thread: who gives another one has changed the
    /// certificate for all connections that follow.
    /// </summary>
    public required Func<SslStreamCertificateContext> Certificate { get; init; }

    /// <summary>
    /// The authorities that issue the certificates of peers; asked at every handshake. Peers must show a certificate that leads to one of them. Null
    /// asks peers for no certificate, and no TLS connection is ever opened: nobody could be told from anybody.
    /// </summary>
    public Func<X509Certificate2Collection>? Authorities { get; init; }

    /// <summary>Time from the connection to the end of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most handshakes at once. A new one takes the place of the oldest, so slow peers cannot keep others out.</summary>
    public int MaxHandshakes { get; init; } = 256;

    /// <summary>Most handshakes at once from one address; further connections are closed.</summary>
    public int MaxHandshakesPerAddress { get; init; } = 16;
}
