using System.Buffers;
using System.Text;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Tests.Protocol;

/// <summary>Damaged lines and texts, the same ones each run: the parsers name a failure and never throw.</summary>
public sealed class HostileLineTests
{
    private static readonly string[] Seeds =
    [
        " FROM:<ann@example.com> SIZE=12 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb AUTH=<>", " TO:<\"a \\\" b\"@[IPv6:::1]> NOTIFY=NEVER ORCPT=rfc822;x+40y",
        " FROM:<>", " TO:<@a,@b:c.d@e-f.g>", " 100 LAST", " TO:<postmaster>", " FROM:<\u00c3\u00a4@\u00c3\u00b6.example>",
    ];

    [Fact]
    public void The_parsers_take_any_bytes()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = Encoding.Latin1.GetBytes(Seeds[i % Seeds.Length]);
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : "<>@\\\"[]=;+,. :x"u8[random.Next(14)];
            }

            (MailRequest.TryParse(bytes, out _, out var mail) == (mail == SmtpParseFailure.None)).ShouldBeTrue();
            (RcptRequest.TryParse(bytes, utf8: true, out _, out var rcpt) == (rcpt == SmtpParseFailure.None)).ShouldBeTrue();
            (BdatRequest.TryParse(bytes, out _, out var bdat) == (bdat == SmtpParseFailure.None)).ShouldBeTrue();
            (CommandLine.TryParse(bytes, out _, out var line) == (line == SmtpParseFailure.None)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Text_is_the_same_in_whatever_pieces_it_comes()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(1, 40)];
            for (var b = 0; b < bytes.Length; b++)
            {
                bytes[b] = "\r\n.\r\nab"u8[random.Next(7)];
            }

            var (whole, wholeText) = Decode(bytes, bytes.Length);
            var (pieces, piecesText) = Decode(bytes, 1);
            (pieces.IsEnded, pieces.Fault, piecesText).ShouldBe((whole.IsEnded, whole.Fault, wholeText));
            whole.IsEnded.ShouldBe(whole.Fault == TextFault.None && ("\r\n" + Encoding.Latin1.GetString(bytes)).Contains("\r\n.\r\n"));
        }
    }

    [Theory]
    [InlineData(" FROM:ann@example.com", SmtpParseFailure.PathMissing)]
    [InlineData(" FROM:<ann@example.com", SmtpParseFailure.PathUnclosed)]
    [InlineData(" FROM:<ann>", SmtpParseFailure.DomainInvalid)]
    [InlineData(" FROM:<.ann@example.com>", SmtpParseFailure.LocalPartInvalid)]
    [InlineData(" FROM:<ann@-example.com>", SmtpParseFailure.DomainInvalid)]
    [InlineData(" FROM:<ann@[1.2.3]>", SmtpParseFailure.DomainInvalid)]
    [InlineData(" FROM:<ann@example.com>SIZE=1", SmtpParseFailure.SpaceMissing)]
    [InlineData(" FROM:<ann@example.com> SIZE=x", SmtpParseFailure.NumberInvalid)]
    [InlineData(" FROM:<ann@example.com> SIZE=1 size=2", SmtpParseFailure.ParameterRepeated)]
    [InlineData(" FROM:<ann@example.com> BODY=BINARYMIME", SmtpParseFailure.ParameterInvalid)]
    [InlineData(" FROM:<ann@example.com> X=1", SmtpParseFailure.ParameterUnknown)]
    [InlineData(" FROM:<ann@example.com> ENVID=+0D+0A", SmtpParseFailure.ParameterInvalid)]
    [InlineData(" TO:<ann@example.com>", SmtpParseFailure.KeywordMissing)]
    public void What_is_wrong_has_a_name(string arguments, object failure)
    {
        MailRequest.TryParse(Encoding.UTF8.GetBytes(arguments), out _, out var came).ShouldBeFalse();
        came.ShouldBe((SmtpParseFailure)failure);
    }

    private static (TextDecoder Decoder, string Text) Decode(byte[] bytes, int piece)
    {
        var sink = new ArrayBufferWriter<byte>();
        var decoder = new TextDecoder(1000, dots: true);
        var at = 0;
        while (at < bytes.Length && !decoder.IsEnded && decoder.Fault == TextFault.None)
        {
            at += decoder.Take(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)), sink);
        }

        return (decoder, Encoding.Latin1.GetString(sink.WrittenSpan));
    }
}
