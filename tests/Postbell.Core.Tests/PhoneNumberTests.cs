namespace Postbell.Core.Tests;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+49 (30) 123-45.67", "+49301234567")]
    [InlineData("5001", "5001")]
    [InlineData("*98", "*98")]
    public void Separators_go(string text, string number)
    {
        PhoneNumber.TryNormalise(text, out var normal).ShouldBeTrue();
        normal.ShouldBe(number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("tony")]
    [InlineData("12+3")]
    [InlineData("123456789012345678901234567890123456789")]
    public void What_is_no_number_is_refused(string text) => PhoneNumber.TryNormalise(text, out _).ShouldBeFalse();
}
