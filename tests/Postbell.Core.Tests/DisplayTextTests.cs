namespace Postbell.Core.Tests;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("Ann  Bell", "Ann Bell")]
    [InlineData(" Ann\r\nBcc: x@y\t", "Ann Bcc: x@y")]
    [InlineData("\u202Egnp.exe", "gnp.exe")]
    [InlineData("a\0b\u001bc", "a b c")]
    [InlineData("Zoë 张", "Zoë 张")]
    [InlineData("\ud800x", "x")]
    [InlineData("", "")]
    public void Only_visible_text_is_left(string text, string clean) => DisplayText.Clean(text).ShouldBe(clean);

    [Fact]
    public void Length_is_bounded_without_cutting_a_character_in_half()
    {
        DisplayText.Clean(new string('x', 5000)).Length.ShouldBe(DisplayText.DefaultLimit);
        DisplayText.Clean("ab😀", 3).ShouldBe("ab");
    }
}
