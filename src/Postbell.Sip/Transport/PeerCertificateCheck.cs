using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.Sip.Transport;

/// <summary>
/// Looks at the certificate of one peer during one handshake: does it lead to a configured authority, is it valid now, is it meant for TLS, and,
/// where we called, does it carry the name we called. Asks nobody on the network.
/// </summary>
internal sealed class PeerCertificateCheck(X509Certificate2Collection? authorities, DateTimeOffset now)
{
    private const string AnyPurpose = "2.5.29.37.0";
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const string SipDomainPurpose = "1.3.6.1.5.5.7.3.20";

    /// <summary>The peer we called must carry this name.</summary>
    public string? ServerName { get; init; }

    /// <summary>The peer we called without a name must carry this address.</summary>
    public IPAddress? ServerAddress { get; init; }

    /// <summary>What is wrong; null while nothing is.</summary>
    public SipTlsFailure? Failure { get; private set; }

    /// <summary>Who the peer is, once it was found good.</summary>
    public SipPeerIdentity? Identity { get; private set; }

    /// <summary>The call-back of the handshake. The errors it is given are those of the machine's own trust, which has no say here.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (authorities is null)
        {
            return true;
        }

        if (certificate is null)
        {
            Failure = SipTlsFailure.NoCertificate;
            return false;
        }

        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        Failure = ChainProblem(copy, sent) ?? PurposeProblem(copy);
        if (Failure is null)
        {
            var identity = SipPeerIdentity.Of(copy);
            Failure = NameProblem(identity);
            Identity = Failure is null ? identity : null;
        }

        return Failure is null;
    }

    private SipTlsFailure? ChainProblem(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities!);
        if (sent is not null)
        {
            // The certificates between the peer's and the authority, as it sent them.
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        if (chain.Build(certificate))
        {
            return null;
        }

        return chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.NotTimeValid)
            ? SipTlsFailure.ExpiredCertificate
            : SipTlsFailure.UntrustedCertificate;
    }

    // A gateway has one certificate for both directions, and public authorities issue such for servers only: either purpose will do.
    private static SipTlsFailure? PurposeProblem(X509Certificate2 certificate)
    {
        var usage = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return usage is null || usage.EnhancedKeyUsages.Cast<Oid>().Any(p => p.Value is AnyPurpose or ServerPurpose or ClientPurpose or SipDomainPurpose)
            ? null
            : SipTlsFailure.WrongPurpose;
    }

    private SipTlsFailure? NameProblem(SipPeerIdentity identity)
    {
        var good = ServerName is { } name ? identity.Covers(name)
            : ServerAddress is not { } address || identity.Addresses.Contains(address);
        return good ? null : SipTlsFailure.WrongName;
    }
}
