using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.TestKit;

/// <summary>A certificate authority of one test, with the certificates it issues.</summary>
public sealed class TestAuthority : IDisposable
{
    public const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "Postbell test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddYears(-10), TimeProvider.System.GetUtcNow().AddYears(10));
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Trust => [Certificate];

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>A certificate with its key: host names and addresses as alternative names, or none of them and only a subject.</summary>
    public X509Certificate2 Issue(
        string[] names, IPAddress[]? addresses = null, string subject = "CN=test", DateTimeOffset? until = null, string purpose = ServerPurpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        Array.ForEach(names, alternatives.AddDnsName);
        Array.ForEach(addresses ?? [], alternatives.AddIpAddress);
        if (names.Length + (addresses?.Length ?? 0) > 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var end = until ?? TimeProvider.System.GetUtcNow().AddYears(1);
        using var issued = request.Create(Certificate, end.AddYears(-2), end, RandomNumberGenerator.GetBytes(12));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Certificate and key in one PEM text.</summary>
    public static string PemOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
