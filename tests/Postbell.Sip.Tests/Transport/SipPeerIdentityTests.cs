using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Transport;

/// <summary>Whom a certificate names.</summary>
public sealed class SipPeerIdentityTests
{
    [Theory]
    [InlineData("gw.example.com", "GW.Example.COM", true)]
    [InlineData("gw.example.com", "gw.example.com.", true)]
    [InlineData("gw.example.com", "gw2.example.com", false)]
    [InlineData("gw.example.com", "example.com", false)]
    [InlineData("*.example.com", "gw.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "a.gw.example.com", false)]
    [InlineData("*.com", "example.com", false)]
    [InlineData("*", "gw", false)]
    [InlineData("gw*.example.com", "gw1.example.com", false)]
    public void A_name_covers_itself_and_a_wildcard_one_label(string name, string wanted, bool covers) =>
        new SipPeerIdentity([name]).Covers(wanted).ShouldBe(covers);

    [Fact]
    public void The_subject_counts_where_there_are_no_alternative_names()
    {
        using var bySubject = TlsBench.Authority.Issue([], subject: "CN=gw.example.com, O=Example");
        using var byBoth = TlsBench.Authority.Issue(["other.example.com"], subject: "CN=gw.example.com");

        SipPeerIdentity.Of(bySubject).Names.ShouldBe(["gw.example.com"]);
        SipPeerIdentity.Of(byBoth).Names.ShouldBe(["other.example.com"]);
    }

    [Fact]
    public void A_wildcard_subject_names_nobody()
    {
        using var certificate = TlsBench.Authority.Issue([], subject: "CN=*.example.com");
        SipPeerIdentity.Of(certificate).Names.ShouldBeEmpty();
    }

    [Fact]
    public void Addresses_and_SIP_domains_of_the_alternative_name_are_read()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("sip:pbx.example.com"));
        names.AddUri(new Uri("https://web.example.com/"));
        names.AddEmailAddress("a@example.com");
        names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        names.AddDnsName("gw.example.com");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));

        var identity = SipPeerIdentity.Of(certificate);

        identity.Names.ShouldBe(["pbx.example.com", "gw.example.com"], ignoreOrder: true);
        identity.Addresses.ShouldBe([IPAddress.Parse("192.0.2.7")]);
    }

    [Fact]
    public void A_damaged_alternative_name_names_nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gw.example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x10, 0x82, 0x7f, 0x41], critical: false));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));

        SipPeerIdentity.Of(certificate).Names.ShouldBe(["gw.example.com"]);
    }
}
