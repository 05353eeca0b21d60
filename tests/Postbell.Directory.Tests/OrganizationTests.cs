using System.Net;

namespace Postbell.Directory.Tests;

public class OrganizationTests
{
    private static readonly Organization s_organization = OrganizationYaml.Load(
        """
        dialPlans:
          - { name: Main, numberOfDigitsInExtension: 4 }
          - { name: Branch, numberOfDigitsInExtension: 3 }
        gateways:
          - { name: Wide, address: 10.0.0.0/8, messageWaitingIndicatorAllowed: false }
          - { name: Narrow, address: 10.1.0.0/16, notifyAddress: 10.1.0.1 }
          - { name: One, address: 10.1.2.3, status: Disabled }
          - { name: Six, address: "2001:db8::1" }
          - { name: Self, address: loopback }
        huntGroups:
          - { name: Main, gateway: One, dialPlan: Main, pilotIdentifiers: [5000, "+1 (425) 555-0100"] }
          - { name: Rest, gateway: One, dialPlan: Branch }
          - { name: Lync, gateway: Six, dialPlan: Main, pilotIdentifiers: ["sip:um@example.com", Main.example.com] }
        """,
        "f").Organization!;

    [Theory]
    [InlineData("10.1.2.3", "One")]
    [InlineData("::ffff:10.1.2.3", "One")]
    [InlineData("10.1.9.9", "Narrow")]
    [InlineData("10.200.0.1", "Wide")]
    [InlineData("2001:db8::1", "Six")]
    [InlineData("127.0.0.1", "Self")]
    [InlineData("127.9.9.9", "Self")]
    [InlineData("::1", "Self")]
    [InlineData("::ffff:127.0.0.1", "Self")]
    public void A_gateway_is_found_by_its_source_address_the_narrowest_first(string source, string expected)
    {
        s_organization.FindGateway(IPAddress.Parse(source))!.Name.ShouldBe(expected);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("11.0.0.1")]
    [InlineData("2001:db8::2")]
    [InlineData("::")]
    public void A_stranger_is_no_gateway(string source) => s_organization.FindGateway(IPAddress.Parse(source)).ShouldBeNull();

    [Fact]
    public void A_disabled_gateway_is_found_and_says_so()
    {
        var gateway = s_organization.FindGateway(IPAddress.Parse("10.1.2.3"))!;

        gateway.Status.ShouldBe(GatewayStatus.Disabled);
        gateway.TakesNotifications.ShouldBeFalse();
    }

    [Theory]
    [InlineData("5000", "Main")]
    [InlineData("sip:5000@10.0.0.1:5060;user=phone", "Main")]
    [InlineData("tel:+14255550100", "Main")]
    [InlineData("4999", "Rest")]
    [InlineData("", "Rest")]
    public void The_hunt_group_that_names_the_pilot_wins_over_the_default_one(string pilot, string expected)
    {
        s_organization.MatchPilot(s_organization.FindGateway("One")!, pilot)!.Name.ShouldBe(expected);
    }

    [Theory]
    [InlineData("sip:UM@Example.com:5061", true)]
    [InlineData("main.EXAMPLE.com", true)]
    [InlineData("sip:um@elsewhere.example", false)]
    [InlineData("5000", false)]
    public void A_pilot_can_be_a_sip_address_or_a_name(string pilot, bool matches)
    {
        (s_organization.MatchPilot(s_organization.FindGateway("Six")!, pilot) is not null).ShouldBe(matches);
    }

    [Fact]
    public void A_gateway_without_hunt_groups_matches_nothing()
    {
        s_organization.MatchPilot(s_organization.FindGateway("Wide")!, "5000").ShouldBeNull();
    }

    [Fact]
    public void The_gateways_of_a_dial_plan_come_from_its_hunt_groups()
    {
        s_organization.GatewaysOf("main").Select(g => g.Name).ShouldBe(["One", "Six"]);
        s_organization.GatewaysOf("Branch").Select(g => g.Name).ShouldBe(["One"]);
        s_organization.GatewaysOf("none").ShouldBeEmpty();
    }

    [Fact]
    public void An_organization_made_in_code_must_fit_together()
    {
        Should.Throw<ArgumentException>(() => new Organization([], [], [new HuntGroup { Name = "a", Gateway = "b", DialPlan = "c" }], []));
    }
}
