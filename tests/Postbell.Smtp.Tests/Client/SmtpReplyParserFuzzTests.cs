using System.Text;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Tests.Client;

public class SmtpReplyParserFuzzTests
{
    private static readonly string[] s_seeds = ["250 2.0.0 Ok\r\n", "250-sink\r\n250-SIZE 100\r\n250 DSN\r\n", "421\r\n", "220 ünïcode\r\n", "550-5.1.1 no\r\n550 5.1.1 such user\r\n"];

    [Fact]
    public void Nothing_a_server_sends_makes_the_parser_throw_or_read_too_far()
    {
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(s_seeds[random.Next(s_seeds.Length)] + s_seeds[random.Next(s_seeds.Length)]);
            for (var change = random.Next(6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var status = SmtpReplyParser.Read(bytes, out var reply, out var consumed);
            consumed.ShouldBeInRange(0, bytes.Length);
            (reply is not null).ShouldBe(status == SmtpReplyStatus.Complete);
            (consumed > 0).ShouldBe(status == SmtpReplyStatus.Complete);
            reply?.Code.ShouldBeInRange(200, 599);
        }
    }

    [Fact]
    public void A_reply_is_the_same_however_it_is_cut()
    {
        var bytes = Encoding.ASCII.GetBytes(s_seeds[1]);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            SmtpReplyParser.Read(bytes.AsSpan(0, cut), out _, out _).ShouldBe(SmtpReplyStatus.Incomplete);
        }

        SmtpReplyParser.Read(bytes, out var reply, out var consumed).ShouldBe(SmtpReplyStatus.Complete);
        (reply!.Lines.Count, consumed).ShouldBe((3, bytes.Length));
    }

    [Theory]
    [InlineData("abc\r\n", SmtpReplyStatus.NoCode)]
    [InlineData("150 x\r\n", SmtpReplyStatus.NoCode)]
    [InlineData("250_x\r\n", SmtpReplyStatus.NoSeparator)]
    [InlineData("250 x\n", SmtpReplyStatus.BareLineEnd)]
    [InlineData("250 x\ry\r\n", SmtpReplyStatus.BareLineEnd)]
    [InlineData("250-x\r\n251 y\r\n", SmtpReplyStatus.CodesDiffer)]
    public void What_is_no_reply_has_a_named_reason(string text, SmtpReplyStatus reason) =>
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes(text), out _, out _).ShouldBe(reason);

    [Fact]
    public void Lines_and_their_number_are_bounded()
    {
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes("250 " + new string('x', 5000)), out _, out _).ShouldBe(SmtpReplyStatus.LineTooLong);
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", 200))), out _, out _).ShouldBe(SmtpReplyStatus.TooManyLines);
    }
}
