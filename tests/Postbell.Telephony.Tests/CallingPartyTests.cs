using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Tests;

public sealed class CallingPartyTests
{
    [Theory]
    [InlineData("\"Ann Bell\" <sip:+49-30-123@gw>;tag=1", "+4930123", "Ann Bell")]
    [InlineData("<sip:1002@gw>;tag=1", "1002", null)]
    [InlineData("\"1002\" <sip:1002@gw>;tag=1", "1002", null)]
    [InlineData("<tel:+1-425-555-0123>;tag=1", "+14255550123", null)]
    [InlineData("<sip:tony@example.com>;tag=1", "tony", null)]
    public void Number_and_name_are_read_from_From(string from, string number, string? name) =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", from)).ShouldBe(new CallingParty(number, name));

    [Theory]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1")]
    [InlineData("<sip:Anonymous@gw>;tag=1")]
    [InlineData("<sip:1002@anonymous.invalid>;tag=1")]
    [InlineData("<sip:gw.example.com>;tag=1")]
    public void Who_withholds_everything_is_anonymous(string from) =>
        CallingParty.Of(Invites.Parse("sip:1001@vm", from)).ShouldBe(CallingParty.Anonymous);

    [Fact]
    public void Names_are_cleaned_and_bounded()
    {
        CallingParty.Of(Invites.Parse("sip:1001@vm", "\"\u202Eevil  name\" <sip:1002@gw>;tag=1")).Name.ShouldBe("evil name");
        CallingParty.Of(Invites.Parse("sip:1001@vm", $"\"{new string('x', 1000)}\" <sip:1002@gw>;tag=1")).Name!.Length.ShouldBe(128);
    }
}
