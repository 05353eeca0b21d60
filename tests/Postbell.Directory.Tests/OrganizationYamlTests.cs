using System.Net;
using Postbell.Directory.Yaml;

namespace Postbell.Directory.Tests;

public class OrganizationYamlTests
{
    private const string Small = """
        dialPlans:
          - name: Main
            numberOfDigitsInExtension: 4
        gateways:
          - name: Front
            address: 192.0.2.10
        huntGroups:
          - name: Pilot
            gateway: Front
            dialPlan: Main
            pilotIdentifiers: [5000, sip:vm@example.com]
        """;

    [Fact]
    public void A_small_file_gets_the_documented_defaults()
    {
        var load = OrganizationYaml.Load(Small, "postbell.yaml");

        load.Errors.ShouldBeEmpty();
        var plan = load.Organization!.DialPlans.ShouldHaveSingleItem();
        plan.UriType.ShouldBe(UriType.TelExtn);
        plan.AudioCodec.ShouldBe(AudioCodec.Mp3);
        plan.LevelRecordings.ShouldBeTrue();
        plan.TrimSilence.ShouldBeTrue();
        plan.DefaultLanguage.ShouldBe("en-US");
        plan.TimeZone.ShouldBeNull();
        plan.MaxCallDuration.ShouldBe(TimeSpan.FromMinutes(30));
        plan.MaxRecordingDuration.ShouldBe(TimeSpan.FromMinutes(20));
        plan.RecordingIdleTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        plan.InputFailuresBeforeDisconnect.ShouldBe(3);
        var gateway = load.Organization.Gateways.ShouldHaveSingleItem();
        gateway.Status.ShouldBe(GatewayStatus.Enabled);
        gateway.MessageWaitingIndicatorAllowed.ShouldBeTrue();
        gateway.Symmetric.ShouldBeFalse();
        gateway.NotifyEndPoint.ShouldBe(new IPEndPoint(IPAddress.Parse("192.0.2.10"), 5060));
    }

    [Fact]
    public void A_dial_plan_without_a_policy_gets_its_default_policy()
    {
        var policy = OrganizationYaml.Load(Small, "f").Organization!.MailboxPolicies.ShouldHaveSingleItem();

        policy.Name.ShouldBe("Main Default Policy");
        policy.MaxGreetingDuration.ShouldBe(TimeSpan.FromMinutes(5));
        policy.AllowMissedCallNotifications.ShouldBeTrue();
        policy.AllowMessageWaitingIndicator.ShouldBeTrue();
        policy.ProtectUnauthenticatedVoiceMail.ShouldBe(VoiceMailProtection.None);
        policy.OffersPrivate.ShouldBeFalse();
    }

    [Fact]
    public void A_gateway_that_names_a_dial_plan_gets_a_default_hunt_group()
    {
        var organization = OrganizationYaml.Load(
            """
            dialPlans:
              - { name: Main, numberOfDigitsInExtension: 4 }
            gateways:
              - { name: Front, address: loopback, dialPlan: main }
            """,
            "f").Organization!;

        var group = organization.HuntGroups.ShouldHaveSingleItem();
        group.IsDefault.ShouldBeTrue();
        group.DialPlan.ShouldBe("Main");
    }

    [Fact]
    public void A_plan_name_too_long_for_its_default_policy_is_refused()
    {
        var yaml = $"dialPlans:\n  - name: {new string('a', 50)}\n    numberOfDigitsInExtension: 4\n";

        OrganizationYaml.Load(yaml, "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("longer than 49");
    }

    [Theory]
    [InlineData("numberOfDigitsInExtension: 21", "from 1 to 20")]
    [InlineData("numberOfDigitsInExtension: 4\n    maxCallDuration: 9 min", "from 10 min to 2 h")]
    [InlineData("numberOfDigitsInExtension: 4\n    maxRecordingDuration: 101 min", "from 1 min to 100 min")]
    [InlineData("numberOfDigitsInExtension: 4\n    maxRecordingDuration: 30 min", "shorter than maxCallDuration")]
    [InlineData("numberOfDigitsInExtension: 4\n    recordingIdleTimeout: 11 s", "from 2 s to 10 s")]
    [InlineData("numberOfDigitsInExtension: 4\n    recordingIdleTimeout: 5", "with its unit")]
    [InlineData("numberOfDigitsInExtension: 4\n    audioCodec: Wma", "one of Mp3, Wav")]
    [InlineData("numberOfDigitsInExtension: 4\n    timeZone: Europe/Atlantis", "for instance Europe/Berlin, not \"Europe/Atlantis\"")]
    [InlineData("numberOfDigitsInExtension: 4\n    timeZone: W. Europe Standard Time", "by its IANA name")]
    [InlineData("numberOfDigitsInExtension: 4\n    numberingPlanFormats: [12y]", "masks of digits and x")]
    [InlineData("uriType: TelExtn", "numberOfDigitsInExtension is missing")]
    [InlineData("numberOfDigitsInExtension: [4]", "must be one value")]
    [InlineData("numberOfDigitsInExtension:", "has no value")]
    public void A_value_outside_its_range_is_an_error(string lines, string expected)
    {
        var load = OrganizationYaml.Load($"dialPlans:\n  - name: Main\n    {lines}\n", "f");

        load.Organization.ShouldBeNull();
        load.Errors.ShouldHaveSingleItem().Message.ShouldContain(expected);
    }

    [Fact]
    public void An_unknown_key_is_an_error_with_its_place_and_the_nearest_known_key()
    {
        var errors = OrganizationYaml.Load(Small.Replace("address:", "adress:", StringComparison.Ordinal), "postbell.yaml").Errors;

        errors.ShouldContain(e => e.ToString() == "postbell.yaml:6:5: unknown key \"adress\" in gateways[0]; did you mean \"address\"?");
        errors.ShouldContain(e => e.Message == "gateways[0].address is missing");
    }

    [Fact]
    public void An_unknown_section_is_an_error()
    {
        OrganizationYaml.Load("dialPlan: []\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("did you mean \"dialPlans\"?");
        OrganizationYaml.Load("zzz: 1\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("known here: dialPlans, distributionGroups, gateways, huntGroups, mailboxPolicies, teamMailboxes");
    }

    [Fact]
    public void A_reference_to_something_missing_is_an_error_at_its_line()
    {
        var error = OrganizationYaml.Load(Small.Replace("dialPlan: Main", "dialPlan: Mian", StringComparison.Ordinal), "f").Errors.ShouldHaveSingleItem();

        error.Line.ShouldBe(10);
        error.Message.ShouldBe("huntGroups[0].dialPlan names \"Mian\", which is not there; did you mean \"Main\"?");
    }

    [Fact]
    public void Names_pilots_and_addresses_must_be_unique()
    {
        var errors = OrganizationYaml.Load(
            """
            dialPlans:
              - { name: Main, numberOfDigitsInExtension: 4 }
              - { name: MAIN, numberOfDigitsInExtension: 4 }
            gateways:
              - { name: A, address: 192.0.2.1 }
              - { name: B, address: "::ffff:192.0.2.1" }
            huntGroups:
              - { name: X, gateway: A, dialPlan: Main, pilotIdentifiers: ["50-00"] }
              - { name: Y, gateway: A, dialPlan: Main, pilotIdentifiers: [5000] }
              - { name: D, gateway: A, dialPlan: Main }
              - { name: E, gateway: A, dialPlan: Main }
              - { name: x, gateway: A, dialPlan: Main, pilotIdentifiers: [1] }
            """,
            "f").Errors;

        errors.Select(e => e.Line).ShouldBe([3, 6, 9, 11, 12]);
        errors[1].Message.ShouldContain("gateway \"A\" already");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a|b")]
    [InlineData("a*")]
    [InlineData(" a")]
    [InlineData("")]
    public void A_name_with_forbidden_characters_is_refused(string name)
    {
        OrganizationYaml.Load($"dialPlans:\n  - name: \"{name}\"\n    numberOfDigitsInExtension: 4\n", "f").Errors.ShouldHaveSingleItem().Line.ShouldBe(2);
    }

    [Theory]
    [InlineData("10.1")]
    [InlineData("167772161")]
    [InlineData("gateway")]
    [InlineData("-gw.example.com")]
    [InlineData("192.0.2.1/24")]
    [InlineData("192.0.2.0/33")]
    public void A_gateway_address_must_be_an_address_a_range_a_whole_host_name_or_loopback(string address)
    {
        OrganizationYaml.Load($"gateways:\n  - name: A\n    address: {address}\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("or loopback");
    }

    [Fact]
    public void A_gateway_with_a_host_name_is_reached_and_known_by_TLS()
    {
        var load = OrganizationYaml.Load(Named("SIPSecured"), "f");

        load.Errors.ShouldBeEmpty();
        load.Organization!.DialPlans[0].VoipSecurity.ShouldBe(VoipSecurity.SipSecured);
        var gateway = load.Organization.Gateways[0];
        gateway.Address.HostName.ShouldBe("gw.example.com");
        gateway.Address.Contains(IPAddress.Loopback).ShouldBeFalse();
        gateway.Transport.ShouldBe(GatewayTransport.Tls);
        gateway.NotifyEndPoint.ShouldBe(IPEndPoint.Parse("192.0.2.7:5061"));
        load.Organization.FindGateway(["*.example.com"], name => name == "gw.example.com").ShouldBe(gateway);
        load.Organization.FindGateway(["GW.example.com"], _ => false).ShouldBe(gateway);
        load.Organization.FindGateway(["other.example.com"], _ => false).ShouldBeNull();
        OrganizationYaml.Write(OrganizationYaml.Load(OrganizationYaml.Write(load.Organization), "f").Organization!).ShouldBe(OrganizationYaml.Write(load.Organization));
    }

    [Theory]
    [InlineData("gw.example.com", "Unsecured", "Tls", 11, "known by its certificate alone")]
    [InlineData("gw.example.com", "Secured", "Tcp", 11, "must have a host name")]
    [InlineData("192.0.2.7", "Secured", "Tls", 11, "must have a host name")]
    [InlineData("192.0.2.7", "SIPSecured", "Tls", 11, "must have a host name")]
    [InlineData("gw.example.com", "Safe", "Tls", 3, "must be one of Unsecured, SipSecured, Secured, Any")]
    public void A_dial_plan_and_a_gateway_that_cannot_meet_are_a_mistake(string address, string mode, string transport, int line, string message)
    {
        var error = OrganizationYaml.Load(Named(mode, address, transport), "f").Errors[0];
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(message);
    }

    private static string Named(string mode, string address = "gw.example.com", string transport = "Tls") => $"""
        dialPlans:
          - name: Main
            voipSecurity: {mode}
            numberOfDigitsInExtension: 4
        gateways:
          - name: Front
            address: {address}
            notifyAddress: 192.0.2.7
            transport: {transport}
            symmetric: false
            dialPlan: Main
        """;

    [Fact]
    public void A_range_needs_an_address_for_the_lamps()
    {
        const string Range = "gateways:\n  - name: A\n    address: 192.0.2.0/24\n";

        OrganizationYaml.Load(Range, "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("notifyAddress");
        OrganizationYaml.Load(Range + "    messageWaitingIndicatorAllowed: false\n", "f").Errors.ShouldBeEmpty();
        var gateway = OrganizationYaml.Load(Range + "    notifyAddress: 192.0.2.7\n    port: 5070\n    transport: tcp\n", "f").Organization!.Gateways[0];
        gateway.NotifyEndPoint.ShouldBe(IPEndPoint.Parse("192.0.2.7:5070"));
        gateway.Transport.ShouldBe(GatewayTransport.Tcp);
        gateway.TakesNotifications.ShouldBeTrue();
    }

    [Theory]
    [InlineData("[opus, Pcma]", null)]
    [InlineData("g722", "must have Pcmu or Pcma")]
    [InlineData("[pcmu, speex]", "not \"speex\"")]
    [InlineData("[pcmu, 1]", "not \"1\"")]
    [InlineData("[pcmu, Pcmu]", "has Pcmu twice")]
    [InlineData("[]", "must have at least one of")]
    public void A_gateway_may_have_codecs_of_its_own(string codecs, string? problem)
    {
        var load = OrganizationYaml.Load($"gateways:\n  - name: A\n    address: 192.0.2.7\n    codecs: {codecs}\n", "f");
        if (problem is not null)
        {
            load.Errors.ShouldHaveSingleItem().ToString().ShouldContain(problem);
            return;
        }

        load.Organization!.Gateways[0].Codecs.ShouldBe([Postbell.Core.VoiceCodec.Opus, Postbell.Core.VoiceCodec.Pcma]);
        OrganizationYaml.Load(OrganizationYaml.Write(load.Organization), "f").Organization!.Gateways[0].Codecs.ShouldBe(load.Organization.Gateways[0].Codecs);
    }

    [Fact]
    public void Messages_in_two_places_are_refused_until_they_can_be_kept_in_step()
    {
        var load = OrganizationYaml.Load("dialPlans:\n  - { name: Main, numberOfDigitsInExtension: 4 }\nmailboxPolicies:\n  - name: P\n    dialPlan: Main\n    delivery: both\n", "f");

        load.Errors.ShouldHaveSingleItem().ToString().ShouldContain("f:6:15: mailboxPolicies[0].delivery Both (here and in the mail system, kept in step) is not there yet");
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var written = new Organization(
            [new DialPlan
            {
                Name = "Büro\u2028X", NumberOfDigitsInExtension = 3, UriType = UriType.E164, AudioCodec = AudioCodec.Wav, DefaultLanguage = "de-DE", TimeZone = "Europe/Berlin",
                MaxCallDuration = TimeSpan.FromMinutes(90), RecordingIdleTimeout = TimeSpan.FromSeconds(2.5), NumberingPlanFormats = ["+4930xxx"],
                LevelRecordings = false, TrimSilence = false,
            }],
            [new Gateway { Name = "true", Address = GatewayAddress.Loopback, Port = 5080, Status = GatewayStatus.NoNewCalls, Symmetric = true,
                MediaSecurity = Postbell.Core.MediaSecurity.Required, AllowSdesOverClear = true }],
            [new HuntGroup { Name = "# not a comment", Gateway = "true", DialPlan = "Büro\u2028X", PilotIdentifiers = ["0010", "sip:a@b"] }],
            [new MailboxPolicy { Name = "P", DialPlan = "Büro\u2028X", VoiceMailText = "two\nlines: \"x\" \\", ProtectUnauthenticatedVoiceMail = VoiceMailProtection.All, IssueWarningQuota = 1536L << 20, ProhibitSendReceiveQuota = 2L << 30, MessageCountQuota = 7 }]);

        var load = OrganizationYaml.Load(OrganizationYaml.Write(written), "f");

        load.Errors.ShouldBeEmpty();
        OrganizationYaml.Write(load.Organization!).ShouldBe(OrganizationYaml.Write(written));
        load.Organization!.Gateways[0].ShouldBe(written.Gateways[0]);
        load.Organization.MailboxPolicies[0].ShouldBe(written.MailboxPolicies[0]);
        load.Organization.HuntGroups[0].PilotIdentifiers.ShouldBe(["0010", "sip:a@b"]);
        load.Organization.DialPlans[0].RecordingIdleTimeout.ShouldBe(TimeSpan.FromSeconds(2.5));
        load.Organization.DialPlans[0].TimeZone.ShouldBe("Europe/Berlin");
        load.Organization.DialPlans[0].LevelRecordings.ShouldBeFalse();
        load.Organization.DialPlans[0].TrimSilence.ShouldBeFalse();
    }

    [Fact]
    public void An_empty_organization_reads_and_writes()
    {
        OrganizationYaml.Load("", "f").Organization!.DialPlans.ShouldBeEmpty();
        OrganizationYaml.Load(OrganizationYaml.Write(Organization.Empty), "f").Errors.ShouldBeEmpty();
    }

    [Fact]
    public void An_organization_can_be_a_section_of_a_larger_file()
    {
        var document = YamlDocument.Parse("organization:\n  dialPlans:\n    - { name: M, numberOfDigitsInExtension: 3 }\nport: 1\n", "f");

        var organization = OrganizationYaml.Read(document.Root.Section("organization")!);

        organization!.FindDialPlan("m").ShouldNotBeNull();
        document.Finish().ShouldHaveSingleItem().Message.ShouldContain("unknown key \"port\"");
    }
}
