using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>An authority of the test's own, whose certificates serve for both sides of a TLS connection. Files are PEM.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public CertificateAuthority()
    {
        var request = new CertificateRequest("CN=Interop Test Authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _certificate = request.CreateSelfSigned(Yesterday, Yesterday.AddDays(30));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
    }

    public string CertificateFile => _folder.File("authority.pem");

    private static DateTimeOffset Yesterday { get; } = TimeProvider.System.GetUtcNow().AddDays(-1);

    /// <summary>Writes a certificate for a host name, which is also good for 127.0.0.1, and its key.</summary>
    public (string Certificate, string Key) Issue(string hostName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // For servers and for clients (RFC 5280 section 4.2.1.12).
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(_certificate, Yesterday, Yesterday.AddDays(29), RandomNumberGenerator.GetBytes(12));
        var files = (Certificate: _folder.File($"{hostName}.pem"), Key: _folder.File($"{hostName}.key"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
