using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

public sealed class CalledPartyResolutionTests
{
    private const string Pilot = "sip:5000@vm.example.com";

    [Theory]
    [InlineData("Diversion: <tel:1001>;reason=no-answer", "tel:1001", "no-answer")]
    [InlineData("Diversion: <sip:1001@gw.example.com>;reason=user-busy;privacy=off;screen=no;counter=1", "sip:1001@gw.example.com", "user-busy")]
    [InlineData("Diversion: \"Bell, Ann\" <sip:1001@gw>;reason=unconditional", "sip:1001@gw", "unconditional")]
    [InlineData("Diversion: <sip:1001@gw>", "sip:1001@gw", null)]
    [InlineData("Diversion: <sip:1001@gw>;reason=\"no-answer\"", "sip:1001@gw", "no-answer")]
    [InlineData("Diversion: <sip:1001@gw>;reason=some-new-word", "sip:1001@gw", "unknown")]
    public void Diversion_names_the_called_person_and_why(string header, string address, string? reason) =>
        CalledPartyResolution.Candidates(Invites.Parse(Pilot, headers: header))[0]
            .ShouldBe(new CalledParty(address, CalledPartySource.Diversion, reason));

    [Fact]
    public void The_newest_diversion_comes_first_in_one_header_or_several()
    {
        var several = CalledPartyResolution.Candidates(Invites.Parse(Pilot, headers: ["Diversion: <tel:1003>", "Diversion: <tel:1002>, <tel:1001>"]));
        several.Select(c => c.Address).ShouldBe(["tel:1003", "tel:1002", "tel:1001", Pilot]);
    }

    [Fact]
    public void History_Info_names_the_entry_before_the_pilot()
    {
        var called = CalledPartyResolution.Candidates(Invites.Parse(
            Pilot,
            headers: "History-Info: <sip:1001@gw?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1, <sip:5000@vm.example.com>;index=1.1"));
        called[0].ShouldBe(new CalledParty("sip:1001@gw", CalledPartySource.HistoryInfo, "user-busy"));
    }

    [Fact]
    public void History_Info_of_three_entries_names_the_last_who_was_called()
    {
        var called = CalledPartyResolution.Candidates(Invites.Parse(
            Pilot,
            headers: ["History-Info: <sip:1001@gw>;index=1", "History-Info: <sip:1002@gw?Reason=SIP%3Bcause%3D408>;index=1.1, <sip:5000@vm>;index=1.2"]));
        called.Select(c => c.Address).ShouldBe(["sip:1002@gw", "sip:1001@gw", Pilot]);
        called[0].Reason.ShouldBe("no-answer");
    }

    [Fact]
    public void History_Info_of_one_entry_names_nobody() =>
        CalledPartyResolution.Candidates(Invites.Parse(Pilot, headers: "History-Info: <sip:5000@vm>;index=1"))
            .Single().Source.ShouldBe(CalledPartySource.RequestUri);

    [Fact]
    public void The_target_of_a_voice_mail_URI_names_the_called_person() =>
        CalledPartyResolution.Candidates(Invites.Parse("sip:5000@vm.example.com;target=sip%3A1001%40pbx;cause=408"))[0]
            .ShouldBe(new CalledParty("sip:1001@pbx", CalledPartySource.VoicemailTarget, "no-answer"));

    [Fact]
    public void Diversion_goes_before_History_Info_before_the_target_before_the_Request_URI()
    {
        var called = CalledPartyResolution.Candidates(Invites.Parse(
            "sip:5000@vm.example.com;target=sip%3A1003%40pbx",
            headers: ["History-Info: <sip:1002@gw>;index=1, <sip:5000@vm>;index=1.1", "Diversion: <tel:1001>"]));
        called.Select(c => c.Source).ShouldBe(
            [CalledPartySource.Diversion, CalledPartySource.HistoryInfo, CalledPartySource.VoicemailTarget, CalledPartySource.RequestUri]);
    }

    [Theory]
    [InlineData("Diversion: <sip:")]
    [InlineData("Diversion: ;;;")]
    [InlineData("History-Info: <sip:1001@gw, <")]
    public void What_cannot_be_read_is_passed_over(string header) =>
        CalledPartyResolution.Candidates(Invites.Parse(Pilot, headers: header)).Last().Source.ShouldBe(CalledPartySource.RequestUri);

    [Fact]
    public void A_flood_of_diversions_is_cut_off()
    {
        var header = "Diversion: " + string.Join(", ", Enumerable.Range(0, 200).Select(i => $"<tel:{i + 2000}>"));
        CalledPartyResolution.Candidates(Invites.Parse(Pilot, headers: header)).Count.ShouldBeLessThanOrEqualTo(20);
    }
}
