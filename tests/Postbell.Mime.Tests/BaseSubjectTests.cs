using Postbell.Mime.Decoding;

namespace Postbell.Mime.Tests;

/// <summary>RFC 5256 section 2.1.</summary>
public sealed class BaseSubjectTests
{
    [Theory]
    [InlineData("Lunch", "Lunch", false)]
    [InlineData("Re: Lunch", "Lunch", true)]
    [InlineData("  RE : re: Fwd: FW:  two  words ", "two words", true)]
    [InlineData("Re[2]: Lunch", "Lunch", true)]
    [InlineData("[list] Lunch", "Lunch", false)]
    [InlineData("[list] Re: [other] Lunch (fwd) (FWD)", "Lunch", true)]
    [InlineData("[list]", "[list]", false)]
    [InlineData("Re: [list]", "[list]", true)]
    [InlineData("[Fwd: [list] Re: Lunch]", "Lunch", true)]
    [InlineData("Re:", "", true)]
    [InlineData("Regarding: Lunch", "Regarding: Lunch", false)]
    [InlineData("=?utf-8?q?Re:_Gr=C3=B6=C3=9Fe?=", "Gr\u00f6\u00dfe", true)]
    [InlineData("[a[b] x", "[a[b] x", false)]
    [InlineData("", "", false)]
    [InlineData(null, "", false)]
    public void Prefixes_and_trailers_go(string? subject, string text, bool reply) =>
        BaseSubject.Of(subject).ShouldBe(new BaseSubject(text, reply));

    [Fact]
    public void Hostile_subjects_end()
    {
        foreach (var piece in new[] { "[", "[]", "re:", "[fwd:", "(fwd)", "re[a]", "]", " " })
        {
            BaseSubject.Of(string.Concat(Enumerable.Repeat(piece, 5000))).Text.Length.ShouldBeLessThanOrEqualTo(BaseSubject.MaxLength);
        }
    }
}
