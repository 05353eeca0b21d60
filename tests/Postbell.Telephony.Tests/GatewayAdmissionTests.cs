using System.Net;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Authentication;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

/// <summary>Who is let in, and who is asked for credentials.</summary>
public sealed class GatewayAdmissionTests
{
    private static readonly PeopleDirectory s_directory = new(
        OrganizationYaml.Load(
            """
            gateways:
              - { name: Plain, address: 192.0.2.1 }
              - { name: Asked, address: 192.0.2.2, digest: { user: asked, password: one, realm: pbx, algorithm: Sha256 } }
              - { name: Ours, address: 192.0.2.3, digest: { user: ours, password: two, realm: pbx, challenge: false } }
              - { name: Away, address: any, messageWaitingIndicatorAllowed: false, digest: { user: away, password: three } }
            """,
            "f").Organization!,
        []);

    private readonly GatewayAdmission _admission = new(s_directory);

    [Theory]
    [InlineData("192.0.2.1", true, "")]
    [InlineData("192.0.2.2", true, "Sha256")]
    [InlineData("192.0.2.3", true, "")]
    [InlineData("198.51.100.1", false, "Sha256 Md5")]
    public void Known_gateways_and_strangers_are_asked_as_configured(string address, bool admitted, string asked)
    {
        _admission.Admits(From(address)).ShouldBe(admitted);
        string.Join(' ', _admission.ChallengesFor(From(address))).ShouldBe(asked);
    }

    [Fact]
    public void Credentials_are_good_from_where_they_belong()
    {
        _admission.FindCredentials(From("192.0.2.2"), "asked")!.Password.ShouldBe("one");
        _admission.FindCredentials(From("192.0.2.2"), "asked")!.Algorithms.ShouldBe([DigestAlgorithm.Sha256]);
        _admission.FindCredentials(From("192.0.2.2"), "away").ShouldBeNull();
        _admission.FindCredentials(From("198.51.100.1"), "asked").ShouldBeNull();
        _admission.FindCredentials(From("198.51.100.1"), "away")!.Password.ShouldBe("three");
    }

    [Fact]
    public void Who_showed_credentials_is_the_gateway_that_has_them()
    {
        var organization = s_directory.Current.Organization;
        organization.FindGateway(From("198.51.100.1") with { User = "away" })!.Name.ShouldBe("Away");
        organization.FindGateway(From("192.0.2.2") with { User = "asked" })!.Name.ShouldBe("Asked");
        organization.FindGateway(From("198.51.100.1") with { User = "asked" }).ShouldBeNull();
        _admission.Admits(From("198.51.100.1") with { User = "away" }).ShouldBeTrue();
    }

    [Fact]
    public void Our_credentials_are_for_gateways_with_a_realm()
    {
        _admission.CredentialsFor(From("192.0.2.3"))!.Realm.ShouldBe("pbx");
        _admission.CredentialsFor(From("192.0.2.3")).ShouldBeSameAs(_admission.CredentialsFor(From("192.0.2.3")));
        _admission.CredentialsFor(From("192.0.2.1")).ShouldBeNull();
        _admission.CredentialsFor(From("198.51.100.1") with { User = "away" }).ShouldBeNull();
    }

    private static SipPeer From(string address) => new(new IPEndPoint(IPAddress.Parse(address), 5060), SipTransport.Udp);
}
