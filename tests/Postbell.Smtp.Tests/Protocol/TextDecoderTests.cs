using System.Buffers;
using System.Text;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Tests.Protocol;

/// <summary>Text comes in any pieces; what is taken must not depend on where they were cut.</summary>
public sealed class TextDecoderTests
{
    [Theory]
    [InlineData("one\r\ntwo\r\n.\r\nNOOP\r\n", "one\r\ntwo\r\n", 13)]
    [InlineData("..one\r\n\r\n...\r\n.\r\n", ".one\r\n\r\n..\r\n", 17)]
    [InlineData(".\r\n", "", 3)]
    public void Whole_lines_and_dots(string text, string expected, int taken) => Same(text, 100, expected, taken, TextFault.None);

    [Theory]
    [InlineData("one\ntwo\r\n.\r\n", "one", nameof(TextFault.BareLf))]
    [InlineData("a\r\none\rtwo\r\n.\r\n", "a\r\none", nameof(TextFault.BareCr))]
    [InlineData("a\r\n.\rb\r\n.\r\n", "a\r\n", nameof(TextFault.BareCr))]
    public void Line_ends_that_are_none(string text, string expected, string fault) => Same(text, 100, expected, null, Enum.Parse<TextFault>(fault));

    [Fact]
    public void A_line_that_is_too_long_ends_what_is_kept_and_the_end_is_still_seen()
    {
        var (kept, _, decoder) = Take("ok\r\n" + new string('x', 30) + "\r\nmore\r\n.\r\n", 20, 1000);
        decoder.Fault.ShouldBe(TextFault.LineTooLong);
        decoder.IsEnded.ShouldBeTrue();
        kept.ShouldStartWith("ok\r\n");
        kept.ShouldNotContain("more");
    }

    [Fact]
    public void Random_text_is_the_same_in_any_pieces()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(40); i > 0; i--)
            {
                text.Append(random.Next(6) switch { 0 => ".", 1 => "\r\n", 2 => "..", 3 => "long word", 4 => "\r\n.", _ => "x" });
            }

            var whole = text.Append("\r\n.\r\n").ToString();
            var (kept, taken, decoder) = Take(whole, 1000, 1);
            for (var size = 2; size < 20; size++)
            {
                var (again, alsoTaken, other) = Take(whole, 1000, size);
                again.ShouldBe(kept, whole);
                (alsoTaken, other.Fault, other.IsEnded).ShouldBe((taken, decoder.Fault, decoder.IsEnded), whole);
            }
        }
    }

    private static void Same(string text, int maxLine, string expected, int? taken, TextFault fault)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var (kept, count, decoder) = Take(text, maxLine, size);
            kept.ShouldBe(expected);
            decoder.Fault.ShouldBe(fault);
            if (taken is { } all)
            {
                count.ShouldBe(all);
                decoder.IsEnded.ShouldBeTrue();
            }
        }
    }

    private static (string Kept, int Taken, TextDecoder Decoder) Take(string text, int maxLine, int pieces)
    {
        var decoder = new TextDecoder(maxLine, dots: true);
        var sink = new ArrayBufferWriter<byte>();
        var bytes = Encoding.ASCII.GetBytes(text);
        var taken = 0;
        while (taken < bytes.Length && !decoder.IsEnded && decoder.Fault is TextFault.None or TextFault.LineTooLong)
        {
            var piece = bytes.AsSpan(taken, Math.Min(pieces, bytes.Length - taken));
            taken += decoder.Take(piece, sink);
        }

        return (Encoding.ASCII.GetString(sink.WrittenSpan), taken, decoder);
    }
}
