using Postbell.Server.Hosting;

namespace Postbell.Server.Tests.Hosting;

public sealed class SecretTests
{
    [Theory]
    [InlineData("000000", true)]
    [InlineData("123456", true)]
    [InlineData("987654", true)]
    [InlineData("135790", false)]
    [InlineData("710015", true)]
    [InlineData("482913", false)]
    public void Weak_pins_are_known(string pin, bool weak) => Secret.IsWeakPin(pin, "1001").ShouldBe(weak);

    [Fact]
    public void Made_pins_are_six_digits_and_never_weak()
    {
        for (var i = 0; i < 200; i++)
        {
            var pin = Secret.NewPin("1001");
            pin.Length.ShouldBe(6);
            pin.ShouldAllBe(c => char.IsAsciiDigit(c));
            Secret.IsWeakPin(pin, "1001").ShouldBeFalse();
        }
    }

    [Fact]
    public void Tokens_are_compared_whole()
    {
        var token = new AdminToken("abc");
        token.Matches("abc").ShouldBeTrue();
        token.Matches("ab").ShouldBeFalse();
        token.Matches("abcd").ShouldBeFalse();
        token.Matches("").ShouldBeFalse();
    }
}
