using System.Net;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

public sealed class CallRouterTests
{
    private static readonly SipPeer GatewayAddress1 = new(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060), SipTransport.Udp);

    private static DirectorySnapshot Directory(GatewayStatus status = GatewayStatus.Enabled, bool defaultGroup = false)
    {
        Postbell.Directory.GatewayAddress.TryParse("192.0.2.1", out var address).ShouldBeTrue();
        var groups = new List<HuntGroup> { new() { Name = "Pilot", Gateway = "gw", DialPlan = "plan", PilotIdentifiers = ["5000"] } };
        if (defaultGroup)
        {
            groups.Add(new HuntGroup { Name = "Default", Gateway = "gw", DialPlan = "plan" });
        }

        var organization = new Organization(
            [new DialPlan { Name = "plan", NumberOfDigitsInExtension = 4 }],
            [new Gateway { Name = "gw", Address = address!, Status = status }],
            groups,
            []);
        return new DirectorySnapshot(organization, [Person(1, "1001", "Ann"), Person(2, "1002", "Bob")]);
    }

    private static Person Person(long id, string extension, string name) => new()
    {
        AccountId = id,
        UserName = name,
        DisplayName = name,
        EmailAddress = $"{name}@example.com",
        DialPlan = "plan",
        Extension = extension,
    };

    [Fact]
    public void A_diverted_call_to_the_pilot_reaches_the_person_it_was_diverted_from()
    {
        var (route, rejection) = CallRouter.Route(Directory(), Invites.Parse("sip:5000@vm", headers: "Diversion: <sip:1001@gw>;reason=no-answer"), GatewayAddress1);
        rejection.ShouldBeNull();
        route!.Person.Extension.ShouldBe("1001");
        route.CalledParty.Reason.ShouldBe("no-answer");
        route.HuntGroup.Name.ShouldBe("Pilot");
    }

    [Fact]
    public void The_newest_diverting_party_with_a_mailbox_wins()
    {
        var (route, _) = CallRouter.Route(Directory(), Invites.Parse("sip:5000@vm", headers: "Diversion: <tel:9999>, <tel:1002>, <tel:1001>"), GatewayAddress1);
        route!.Person.Extension.ShouldBe("1002");
    }

    [Fact]
    public void A_direct_call_to_an_extension_is_taken_by_the_default_hunt_group_only()
    {
        CallRouter.Route(Directory(defaultGroup: true), Invites.Parse("sip:1001@vm"), GatewayAddress1).Route!.Person.Extension.ShouldBe("1001");
        CallRouter.Route(Directory(), Invites.Parse("sip:1001@vm"), GatewayAddress1).Rejection.ShouldBe(CallRejection.UnknownPilot);
    }

    [Fact]
    public void A_caller_of_the_dial_plan_is_known_by_name()
    {
        var (route, _) = CallRouter.Route(
            Directory(), Invites.Parse("sip:5000@vm", "<sip:1002@gw>;tag=1", "Diversion: <tel:1001>"), GatewayAddress1);
        route!.Caller!.DisplayName.ShouldBe("Bob");
    }

    [Fact]
    public void Refusals_name_their_reason()
    {
        var diverted = Invites.Parse("sip:5000@vm", headers: "Diversion: <tel:1001>");
        CallRouter.Route(Directory(), diverted, GatewayAddress1 with { EndPoint = new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5060) }).Rejection.ShouldBe(CallRejection.GatewayDisabled);
        CallRouter.Route(Directory(GatewayStatus.Disabled), diverted, GatewayAddress1).Rejection.ShouldBe(CallRejection.GatewayDisabled);
        CallRouter.Route(Directory(GatewayStatus.NoNewCalls), diverted, GatewayAddress1).Rejection.ShouldBe(CallRejection.GatewayNoNewCalls);
        CallRouter.Route(Directory(), Invites.Parse("sip:7777@vm"), GatewayAddress1).Rejection.ShouldBe(CallRejection.UnknownPilot);
        CallRouter.Route(Directory(), Invites.Parse("sip:5000@vm", headers: "Diversion: <tel:1999>"), GatewayAddress1).Rejection
            .ShouldBe(CallRejection.UnknownMailbox);
    }

    [Fact]
    public void Refusals_have_numbers_of_their_own_and_quote_nothing_that_breaks_a_header()
    {
        CallRejection[] all =
        [
            CallRejection.GatewayDisabled, CallRejection.GatewayNoNewCalls, CallRejection.UnknownPilot, CallRejection.UnknownMailbox, CallRejection.TooManyCalls,
            CallRejection.NoMediaPort, CallRejection.SpoolUnavailable, CallRejection.ShuttingDown, CallRejection.NotAcceptable("x"), CallRejection.BadSessionDescription("x"),
        ];
        all.Select(r => r.DiagnosticId).ShouldBeUnique();
        all.ShouldAllBe(r => r.DiagnosticId >= 15100 && r.DiagnosticId < 15200);
        CallRejection.NotAcceptable("a \"b\"").Diagnostics("vm").ShouldBe("15109;source=\"vm\";reason=\"a 'b'\"");
    }
}
