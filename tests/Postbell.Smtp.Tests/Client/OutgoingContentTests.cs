using System.Buffers;
using System.Text;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Tests.Client;

public class OutgoingContentTests
{
    [Theory]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("a\nb", "a\r\nb\r\n")]
    [InlineData("a\rb\r", "a\r\nb\r\n")]
    [InlineData("a\n.\r\nMAIL FROM:<x@y>\n", "a\r\n.\r\nMAIL FROM:<x@y>\r\n")]
    [InlineData("a\r\n.\rb", "a\r\n.\r\nb\r\n")]
    [InlineData("a\r\r\nb", "a\r\n\r\nb\r\n")]
    [InlineData("", "")]
    public void Every_line_end_becomes_CRLF_however_the_content_is_cut(string content, string expected)
    {
        for (var piece = 1; piece <= Math.Max(1, content.Length); piece++)
        {
            Normalised(content, piece).ShouldBe(expected);
        }
    }

    [Fact]
    public void No_bytes_whatever_leave_with_a_bare_line_end_or_an_unstuffed_dot()
    {
        var random = new Random(31);
        for (var round = 0; round < 3000; round++)
        {
            var content = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => "\r\n.ab\r\n."[random.Next(8)]));
            var normal = Normalised(content, 1 + random.Next(7));
            normal.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n']).ShouldBe(-1);
            var output = new ArrayBufferWriter<byte>();
            var stuffer = new DotStuffer();
            foreach (var piece in Encoding.Latin1.GetBytes(normal).Chunk(1 + random.Next(5)))
            {
                stuffer.Write(piece, output);
            }

            var lines = Encoding.Latin1.GetString(output.WrittenSpan).Split("\r\n");
            lines.ShouldNotContain(".");
            string.Join("\r\n", lines.Select(static l => l.StartsWith('.') ? l[1..] : l)).ShouldBe(normal);
        }
    }

    [Fact]
    public void What_the_content_needs_is_noted()
    {
        var (header, body, none) = (new LineEndNormaliser(), new LineEndNormaliser(), new LineEndNormaliser());
        header.Write(Encoding.UTF8.GetBytes("Subject: ü\r\n\r\nx"), new ArrayBufferWriter<byte>());
        body.Write(Encoding.UTF8.GetBytes("Subject: u\n\nü"), new ArrayBufferWriter<byte>());
        none.Write("Subject: u\r\n\r\nu"u8, new ArrayBufferWriter<byte>());
        (header.IsEightBit, header.HasEightBitHeader).ShouldBe((true, true));
        (body.IsEightBit, body.HasEightBitHeader).ShouldBe((true, false));
        (none.IsEightBit, none.HasEightBitHeader).ShouldBe((false, false));
    }

    [Theory]
    [InlineData("anna@example.com", true)]
    [InlineData("\"a b\"@example.com", true)]
    [InlineData("ännä@exämple.com", true)]
    [InlineData("a@[192.0.2.1]", true)]
    [InlineData("a@b>\r\nRCPT TO:<c@d", false)]
    [InlineData("a@b> NOTIFY=NEVER", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("anna", false)]
    [InlineData("@example.com", false)]
    [InlineData("a@", false)]
    [InlineData("\"a\"b\"@example.com", false)]
    public void Only_what_stays_one_path_may_be_written_into_a_command(string address, bool ok) => SmtpText.IsPath(address).ShouldBe(ok);

    private static string Normalised(string content, int piece)
    {
        var lines = new LineEndNormaliser();
        var output = new ArrayBufferWriter<byte>();
        foreach (var bytes in Encoding.Latin1.GetBytes(content).Chunk(piece))
        {
            lines.Write(bytes, output);
        }

        lines.Complete(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
