using System.Net;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

/// <summary>Modes of dial plans against what calls come over, and who peers with certificates are.</summary>
public sealed class CallSecurityTests
{
    private static readonly IPEndPoint s_source = new(IPAddress.Parse("192.0.2.1"), 40000);
    private static readonly SipPeer s_udp = new(s_source, SipTransport.Udp);
    private static readonly SipPeer s_named = new(s_source, SipTransport.Tls, new SipPeerIdentity(["gw.example.com"]));
    private static readonly SipPeer s_unnamed = new(s_source, SipTransport.Tls);

    [Theory]
    [InlineData(VoipSecurity.Unsecured, "udp", true)]
    [InlineData(VoipSecurity.Unsecured, "tls", false)]
    [InlineData(VoipSecurity.SipSecured, "udp", false)]
    [InlineData(VoipSecurity.SipSecured, "tls", false)]
    [InlineData(VoipSecurity.SipSecured, "mutual", true)]
    [InlineData(VoipSecurity.Secured, "udp", false)]
    [InlineData(VoipSecurity.Secured, "mutual", true)]
    [InlineData(VoipSecurity.Any, "udp", true)]
    [InlineData(VoipSecurity.Any, "tls", true)]
    [InlineData(VoipSecurity.Any, "mutual", true)]
    public void A_call_must_be_protected_as_its_dial_plan_says(VoipSecurity mode, string way, bool good)
    {
        var peer = way switch { "udp" => s_udp, "tls" => s_unnamed, _ => s_named };

        var (route, rejection) = CallRouter.Route(Directory(mode, byName: way == "mutual"), Invite(), peer);

        (route is not null).ShouldBe(good);
        if (!good)
        {
            rejection!.Name.ShouldBe("security_mismatch");
            rejection.Status.ShouldBe(488);
            rejection.Diagnostics("vm").ShouldStartWith($"15113;source=\"vm\";reason=\"The dial plan is {(mode == VoipSecurity.SipSecured ? "SIPSecured" : mode.ToString())}, but the ");
        }
    }

    [Theory]
    [InlineData("RTP/SAVP", true)]
    [InlineData("RTP/AVP", false)]
    public void A_Secured_dial_plan_demands_an_offer_of_SRTP(string profile, bool good)
    {
        var offer = $"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 {profile} 0\r\n";
        var invite = Invites.Parse("sip:5000@vm", offer, "<sip:2000@gw>;tag=a", ["Diversion: <sip:1001@gw>", "Content-Type: application/sdp"]);

        CallRouter.Route(Directory(VoipSecurity.Secured, byName: true), invite, s_named).Rejection?.Name.ShouldBe(good ? null : "security_mismatch");
    }

    [Fact]
    public void A_call_to_sips_that_came_without_TLS_is_refused()
    {
        var invite = Invites.Parse("sips:5000@vm", headers: "Diversion: <sip:1001@gw>");
        CallRouter.Route(Directory(VoipSecurity.Any, byName: false), invite, s_udp).Rejection!.Name.ShouldBe("security_mismatch");
    }

    [Theory]
    [InlineData("gw.example.com", true)]
    [InlineData("GW.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("other.example.com", false)]
    public void A_gateway_with_a_host_name_is_known_by_its_certificate(string name, bool known)
    {
        var admission = new GatewayAdmission(new PeopleDirectory(Directory(VoipSecurity.SipSecured, byName: true).Organization, []));

        admission.Admits(s_named with { Identity = new SipPeerIdentity([name]) }).ShouldBe(known);
        admission.Admits(s_unnamed).ShouldBeFalse();
        admission.Admits(s_udp).ShouldBeFalse();
    }

    private static SipRequest Invite() => Invites.Parse("sip:5000@vm", headers: "Diversion: <sip:1001@gw>");

    private static DirectorySnapshot Directory(VoipSecurity mode, bool byName)
    {
        GatewayAddress.TryParse(byName ? "gw.example.com" : "192.0.2.1", out var address).ShouldBeTrue();
        var organization = new Organization(
            [new DialPlan { Name = "plan", NumberOfDigitsInExtension = 4, VoipSecurity = mode }],
            [new Gateway { Name = "gw", Address = address!, Transport = GatewayTransport.Tls }],
            [new HuntGroup { Name = "Pilot", Gateway = "gw", DialPlan = "plan", PilotIdentifiers = ["5000"] }],
            []);
        var person = new Person { AccountId = 1, UserName = "ann", DisplayName = "Ann", EmailAddress = "ann@example.com", DialPlan = "plan", Extension = "1001" };
        return new DirectorySnapshot(organization, [person]);
    }
}
