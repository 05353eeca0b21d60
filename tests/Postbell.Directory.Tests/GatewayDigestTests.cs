using System.Net;
using Postbell.TestKit;

namespace Postbell.Directory.Tests;

/// <summary>Gateways that are known by credentials, or by names that are looked up.</summary>
public sealed class GatewayDigestTests
{
    [Fact]
    public void Credentials_come_from_a_file_or_the_configuration_and_are_never_text()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File("pbx.secret"), "open sesame\n");
        var load = OrganizationYaml.Load(
            """
            gateways:
              - { name: A, address: 192.0.2.1, digest: { user: trunk, passwordFile: pbx.secret, realm: pbx.example.com } }
              - { name: B, address: any, messageWaitingIndicatorAllowed: false, digest: { user: branch, password: "secret: word", algorithm: sha256 } }
              - { name: C, address: 192.0.2.3, digest: { user: trunk, password: other, realm: pbx, challenge: false } }
            """,
            "f", folder);

        load.Errors.ShouldBeEmpty();
        var (a, b, c) = (load.Organization!.Gateways[0].Digest!, load.Organization.Gateways[1].Digest!, load.Organization.Gateways[2].Digest!);
        (a.User, a.Password, a.Realm, a.Challenge).ShouldBe(("trunk", "open sesame", "pbx.example.com", true));
        (b.Password, b.Realm, b.Algorithm).ShouldBe(("secret: word", null, GatewayHash.Sha256));
        c.Challenge.ShouldBeFalse();
        load.Organization.Gateways[0].ToString().ShouldNotContain("sesame");
        load.Organization.AskedOfStrangers.ShouldBe(GatewayHash.Sha256);
        load.Organization.FindGatewayByUser("branch")!.Name.ShouldBe("B");
        load.Organization.FindGatewayByUser("trunk").ShouldBeNull();
        var written = OrganizationYaml.Write(load.Organization);
        written.ShouldNotContain("sesame");
        var again = OrganizationYaml.Load(written, "f");
        again.Errors.ShouldBeEmpty();
        OrganizationYaml.Write(again.Organization!).ShouldBe(written);
        again.Organization!.Gateways[0].Digest!.Password.ShouldBe("open sesame");
    }

    [Theory]
    [InlineData("address: 192.0.2.1, digest: { user: u }", "needs passwordFile or password")]
    [InlineData("address: 192.0.2.1, digest: { user: u, password: a, passwordFile: b }", "needs passwordFile or password")]
    [InlineData("address: 192.0.2.1, digest: { user: u, passwordFile: nowhere }", "cannot be read")]
    [InlineData("address: 192.0.2.1, digest: { password: a }", "user is missing")]
    [InlineData("address: 192.0.2.1, digest: { user: \"a\\nb\", password: a }", "control character")]
    [InlineData("address: 192.0.2.1, digest: { user: u, password: a, algorithm: sha1 }", "must be one of Both, Sha256, Md5")]
    [InlineData("address: 192.0.2.1, digest: { user: u, pasword: a }", "did you mean \"password\"?")]
    [InlineData("address: any, messageWaitingIndicatorAllowed: false", "known by its credentials alone")]
    [InlineData("address: any, messageWaitingIndicatorAllowed: false, digest: { user: u, password: a, challenge: false }", "known by its credentials alone")]
    [InlineData("address: any, digest: { user: u, password: a }", "give notifyAddress")]
    public void Mistakes_are_said(string gateway, string message)
    {
        using var folder = new TemporaryDirectory();
        OrganizationYaml.Load($"gateways:\n  - {{ name: A, {gateway} }}\n", "f", folder).Errors.ShouldContain(error => error.Message.Contains(message));
    }

    [Fact]
    public void Gateways_from_anywhere_are_told_apart_by_their_users()
    {
        const string Any = "address: any, messageWaitingIndicatorAllowed: false, digest: { user: u, password: a }";
        OrganizationYaml.Load($"gateways:\n  - {{ name: A, {Any} }}\n  - {{ name: B, {Any} }}\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("told apart");
    }

    [Fact]
    public void A_password_file_must_hold_a_password()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File("empty"), "\nsecond line");
        OrganizationYaml.Load("gateways:\n  - { name: A, address: 192.0.2.1, digest: { user: u, passwordFile: empty } }\n", "f", folder)
            .Errors.ShouldHaveSingleItem().Message.ShouldContain("first line");
    }

    [Fact]
    public void A_gateway_with_a_host_name_and_without_TLS_is_known_by_the_addresses_of_its_name()
    {
        var organization = OrganizationYaml.Load(
            """
            gateways:
              - { name: Named, address: PBX.example.com, transport: Udp }
              - { name: Proven, address: sbc.example.com }
              - { name: Fixed, address: 192.0.2.5 }
            """,
            "f").Organization!;
        var named = organization.Gateways[0];
        (named.IsKnownByCertificate, named.IsLookedUp, named.HasUsualPort, named.TakesNotifications).ShouldBe((false, true, true, true));
        named.NotifyEndPoint.ShouldBeNull();
        organization.FindGateway(IPAddress.Parse("192.0.2.1")).ShouldBeNull();

        IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> addresses = new Dictionary<string, IReadOnlyList<IPAddress>>
        {
            ["pbx.example.com"] = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.5")],
            ["sbc.example.com"] = [IPAddress.Parse("192.0.2.9")],
        };
        var now = organization.WithAddresses(addresses);
        now.FindGateway(IPAddress.Parse("::ffff:192.0.2.1"))!.Name.ShouldBe("Named");
        now.FindGateway(IPAddress.Parse("2001:db8::1"))!.Name.ShouldBe("Named");
        // What was configured goes before what a name server says, and a name server says nothing of whom a certificate must prove.
        now.FindGateway(IPAddress.Parse("192.0.2.5"))!.Name.ShouldBe("Fixed");
        now.FindGateway(IPAddress.Parse("192.0.2.9")).ShouldBeNull();
        now.WithAddresses(new Dictionary<string, IReadOnlyList<IPAddress>>()).FindGateway(IPAddress.Parse("192.0.2.1")).ShouldBeNull();
    }
}
