using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

/// <summary>What attackers put into the headers that say who calls, and what becomes of it.</summary>
public sealed class IdentityAttackTests
{
    private const string From = "\"Ann\" <sip:+4930123@gw.example.com>;tag=a";

    [Fact]
    public void What_the_gateway_asserts_goes_before_From() =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", From, "P-Asserted-Identity: \"Real Name\" <sip:1002@gw>, <tel:+49301002>"))
            .ShouldBe(new CallingParty("1002", "Real Name"));

    [Theory]
    [InlineData("P-Asserted-Identity: <sip:gw.example.com>")]
    [InlineData("P-Asserted-Identity: <sip:")]
    [InlineData("P-Asserted-Identity: ")]
    [InlineData("P-Preferred-Identity: \"Boss\" <sip:1001@gw>")]
    [InlineData("Remote-Party-ID: \"Boss\" <sip:1001@gw>;party=calling;screen=yes")]
    [InlineData("Identity: garbage-without-semicolon")]
    [InlineData("Identity: eyJhbGciOiJub25lIn0.eyJhdHRlc3QiOiJBIn0.;info=<https://evil.example.com/c>;alg=none;ppt=shaken")]
    [InlineData("y: ;;;")]
    [InlineData("Privacy: none")]
    public void What_nobody_checked_or_nobody_can_read_changes_nothing(string header) =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", From, header)).ShouldBe(new CallingParty("+4930123", "Ann"));

    [Theory]
    [InlineData("Privacy: id")]
    [InlineData("Privacy: user;id")]
    [InlineData("Privacy: header;critical")]
    [InlineData("Privacy: ID ; critical")]
    public void Who_asks_for_privacy_is_withheld_from_the_called_person(string header) =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", From, header, "P-Asserted-Identity: \"Real Name\" <sip:1002@gw>")).ShouldBe(CallingParty.Anonymous);

    [Fact]
    public void A_name_of_four_kilobytes_is_cut() =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", $"\"{new string('x', 4096)}\" <sip:1002@gw>;tag=1")).Name!.Length.ShouldBe(128);

    [Theory]
    [InlineData("\"a\\\u0007b\" <sip:1002@gw>;tag=1")]
    [InlineData("\"a\tb\" <sip:1002@gw>;tag=1")]
    [InlineData("\"a\u202Eb\u2066c\u200Fd\" <sip:1002@gw>;tag=1")]
    [InlineData("\"a\\\u001Bb\" <sip:1002@gw>;tag=1")]
    public void Control_characters_and_direction_marks_in_a_name_are_not_shown(string from)
    {
        var name = CallingParty.Of(Invites.Parse("sip:1001@vm", from)).Name!;
        name.ShouldStartWith("a");
        name.ShouldAllBe(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format);
    }

    [Fact]
    public void Escaped_line_breaks_in_an_address_stay_text()
    {
        var party = CallingParty.Of(Invites.Parse("sip:1001@vm", "<sip:10%0D%0AX-Evil:%20yes@gw>;tag=1"));
        party.Number!.ShouldAllBe(c => !char.IsControl(c));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_in_a_name_are_not_shown()
    {
        NameAddress.TryParse("\"a\uDCFFb\" <sip:1002@gw>", out var address).ShouldBeTrue();
        Postbell.Core.DisplayText.Clean(address!.DisplayName!).ShouldBe("ab");
    }

    [Fact]
    public void A_caller_who_shows_an_extension_is_a_claim_and_opens_nothing()
    {
        // The route names the person who has the number; it never makes the call one of that person's own.
        var candidates = CalledPartyResolution.Candidates(Invites.Parse("sip:1001@vm", "<sip:1001@gw>;tag=1"));
        candidates.ShouldAllBe(candidate => candidate.Source == CalledPartySource.RequestUri);
    }
}
