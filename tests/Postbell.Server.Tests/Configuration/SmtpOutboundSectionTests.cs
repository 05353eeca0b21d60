using Postbell.Directory.Yaml;
using Postbell.Server.Configuration;
using Postbell.Smtp.Client;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Configuration;

public class SmtpOutboundSectionTests
{
    private const string Organization = """

        organization:
          dialPlans:
            - { name: Main, numberOfDigitsInExtension: 4 }
          mailboxPolicies:
            - { name: Staff, dialPlan: Main, delivery: Unified }
        """;

    [Fact]
    public void The_way_to_the_smart_host_is_read()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File("secret"), "hush\n");
        var (configuration, errors) = Read("smtp: { outbound: { smartHost: mail.example.com, port: 465, user: um, passwordFile: secret, warnAfter: 1 h } }", folder);
        errors.ShouldBeEmpty();
        var outbound = configuration!.Outbound.ShouldNotBeNull();
        var server = outbound.Routes.ShouldHaveSingleItem().Server;
        (server.Host, server.Port, server.Tls, server.ImplicitTls).ShouldBe(("mail.example.com", 465, SmtpTlsUse.Verified, true));
        (server.User, server.Password(), outbound.WarnAfter).ShouldBe(("um", "hush", TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Domains_may_have_ways_of_their_own()
    {
        using var folder = new TemporaryDirectory();
        var (configuration, errors) = Read(
            "smtp: { outbound: { mx: true, routes: [ { domains: [example.net, .example.org], smartHost: relay.example.net, tls: Required, port: 587 } ] } }", folder);
        errors.ShouldBeEmpty();
        var routes = configuration!.Outbound.ShouldNotBeNull().Routes;
        routes.Select(r => (r.IsDirect, r.Server.Host, r.Server.Port, r.Server.Tls, string.Join(' ', r.Domains))).ShouldBe(
            [(true, "", 25, SmtpTlsUse.Opportunistic, ""), (false, "relay.example.net", 587, SmtpTlsUse.Required, "example.net .example.org")]);
    }

    [Fact]
    public void An_address_of_two_people_is_a_mistake_at_its_line()
    {
        using var folder = new TemporaryDirectory();
        const string Lines = "smtp:\n  outbound: { mx: true }\n  aliases:\n    - { user: ann, addresses: [sales@example.com, a@example.com] }\n    - user: ben\n      addresses: [SALES@example.com, nobody]";
        var errors = Read(Lines, folder).Errors;
        errors.Select(static e => e.ToString()).ShouldBe(
        [
            "postbell.yaml:7:18: smtp.aliases[1].addresses has SALES@example.com, which ann has already",
            "postbell.yaml:7:18: smtp.aliases[1].addresses must have e-mail addresses, not \"nobody\"",
        ]);
        Read(Lines.Replace("[SALES@example.com, nobody]", "[b@example.com]"), folder).Configuration!.Smtp!.Aliases.Select(static a => $"{a.User}: {string.Join(' ', a.Addresses)}")
            .ShouldBe(["ann: sales@example.com a@example.com", "ben: b@example.com"]);
    }

    [Theory]
    [InlineData("smtp: { outbound: { smartHost: a, mx: true } }", "exclude each other")]
    [InlineData("smtp: { outbound: { mx: true, user: um, passwordFile: . , tls: Required } }", "servers found by MX get no password")]
    [InlineData("smtp: { outbound: { mx: true, routes: [ { smartHost: b } ] } }", "which domains the route is for")]
    [InlineData("logLevel: Debug", "there is no smtp.outbound")]
    [InlineData("smtp: { outbound: { port: 25 } }", "smartHost")]
    [InlineData("smtp: { outbound: { smartHost: a, user: um } }", "belong together")]
    [InlineData("smtp: { outbound: { smartHost: a, user: um, passwordFile: absent } }", "there is no file")]
    [InlineData("smtp: { outbound: { smartHost: a, tls: None, user: um, passwordFile: . } }", "where a password is sent")]
    [InlineData("smtp: { outbound: { smartHost: a, tls: Opportunistic, implicitTls: true } }", "needs tls")]
    [InlineData("smtp: { outbound: { smartHost: a, authorities: absent.pem } }", "cannot be read")]
    public void A_mistake_is_named(string line, string mistake)
    {
        using var folder = new TemporaryDirectory();
        Read(line, folder).Errors.ShouldContain(e => e.ToString().Contains(mistake, StringComparison.Ordinal));
    }

    private static (ServerConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors) Read(string line, string folder) =>
        ConfigurationFile.Read("data: x\n" + line + "\n" + Organization, "postbell.yaml", folder);
}
