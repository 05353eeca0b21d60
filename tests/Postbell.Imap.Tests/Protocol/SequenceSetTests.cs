using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

public sealed class SequenceSetTests
{
    [Theory]
    [InlineData("1:*", 5u, "1:5")]
    [InlineData("*", 5u, "5")]
    [InlineData("9:*", 5u, "5:9")]
    [InlineData("5:2,3,1", 9u, "1:5")]
    [InlineData("1,3,5", 9u, "1,3,5")]
    [InlineData("1:*", 0u, "")]
    [InlineData("4294967295,4294967294", 9u, "4294967294:4294967295")]
    public void Star_is_the_largest_and_ranges_are_joined(string text, uint largest, string ranges)
    {
        var set = Parse.Good(text, (ref CommandReader r, out SequenceSet v) => r.SequenceSet(out v));
        set.Resolve(largest).ToString().ShouldBe(ranges);
    }

    [Fact]
    public void Membership_is_that_of_the_ranges()
    {
        var ranges = NumberRanges.Of([(10u, 20u), (30u, 30u)]);
        ranges.Contains(9).ShouldBeFalse();
        ranges.Contains(10).ShouldBeTrue();
        ranges.Contains(20).ShouldBeTrue();
        ranges.Contains(25).ShouldBeFalse();
        ranges.Contains(30).ShouldBeTrue();
        ranges.Contains(31).ShouldBeFalse();
    }
}
