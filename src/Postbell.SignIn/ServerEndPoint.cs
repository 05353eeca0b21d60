using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.SignIn;

/// <summary>Channel binding tls-server-end-point (RFC 5929 section 4): a hash of the certificate the server has shown.</summary>
public static class ServerEndPoint
{
    /// <summary>The hash; null when the certificate's signature says of no hash which it would be.</summary>
    public static byte[]? Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var data = certificate.RawDataMemory.Span;
        return certificate.SignatureAlgorithm.Value switch
        {
            // MD5 and SHA-1 are replaced by SHA-256; then RSA and ECDSA with SHA-256, 384, 512.
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => SHA256.HashData(data),
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => SHA384.HashData(data),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => SHA512.HashData(data),
            _ => null,
        };
    }
}
