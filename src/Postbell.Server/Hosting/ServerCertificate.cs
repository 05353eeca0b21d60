using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.Server.Commands;

namespace Postbell.Server.Hosting;

/// <summary>The certificate of the TLS doors: the configured one, else one the server signs itself and keeps in the data folder.</summary>
internal static class ServerCertificate
{
    private const int KeyBits = 2048;
    private const int LifetimeYears = 10;
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Loads a certificate and its key from PEM files (one file may hold both).</summary>
    /// <exception cref="CommandFailedException">A file is absent, unreadable, or the two do not belong together.</exception>
    public static X509Certificate2 Load(string certificatePath, string? keyPath)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"cannot load the TLS certificate {certificatePath}: {fault.Message}");
        }
    }

    /// <summary>The folder's own certificate for this host and loopback, made when absent or about to run out.</summary>
    public static X509Certificate2 ReadOrCreate(DataLayout layout, TimeProvider time)
    {
        if (File.Exists(layout.OwnCertificate))
        {
            var kept = Load(layout.OwnCertificate, null);
            if (kept.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow().UtcDateTime)
            {
                return kept;
            }

            kept.Dispose();
        }

        PrivateFile.Write(layout.OwnCertificate, CreatePem(time.GetUtcNow()));
        return Load(layout.OwnCertificate, null);
    }

    /// <summary>A certificate for this host and loopback that is kept nowhere: what a test phone shows.</summary>
    public static X509Certificate2 CreateForOnce(DateTimeOffset now)
    {
        var pem = CreatePem(now);
        return X509Certificate2.CreateFromPem(pem, pem);
    }

    private static string CreatePem(DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=localhost, O=Postbell", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(LifetimeYears));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
