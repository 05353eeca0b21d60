using System.Buffers;
using System.Text;
using Postbell.Mime.Decoding;

namespace Postbell.Mime.Tests;

/// <summary>Bodies decoded in pieces.</summary>
public sealed class PieceDecoderFuzzTests
{
    [Theory]
    [InlineData("base64")]
    [InlineData("quoted-printable")]
    [InlineData("7bit")]
    public void However_a_body_is_cut_it_decodes_to_the_same(string encoding)
    {
        var random = new Random(2045);
        for (var round = 0; round < 2_000; round++)
        {
            var body = new byte[random.Next(0, 300)];
            for (var i = 0; i < body.Length; i++)
            {
                body[i] = "ABab01+/==\r\n\n =3D \t"u8[random.Next(19)];
            }

            var whole = TransferDecoder.Decode(body, encoding);
            var decoder = new PieceDecoder(encoding);
            var output = new ArrayBufferWriter<byte>();
            for (var at = 0; at < body.Length;)
            {
                var length = Math.Min(random.Next(1, 40), body.Length - at);
                decoder.Decode(body.AsSpan(at, length), isLast: at + length == body.Length, output);
                at += length;
            }

            output.WrittenSpan.SequenceEqual(whole).ShouldBeTrue(Encoding.ASCII.GetString(body));
        }
    }

    [Fact]
    public void A_line_without_end_is_decoded_in_bounded_pieces()
    {
        var decoder = new PieceDecoder("quoted-printable");
        var output = new ArrayBufferWriter<byte>();
        decoder.Decode(new byte[300_000].AsSpan(), isLast: false, output);
        output.WrittenCount.ShouldBeGreaterThan(200_000);
        decoder.Decode("x"u8, isLast: true, output);
        output.WrittenCount.ShouldBe(300_001);
    }

    [Theory]
    [InlineData("7bit", true)]
    [InlineData("8bit", true)]
    [InlineData("binary", true)]
    [InlineData("base64", true)]
    [InlineData("quoted-printable", true)]
    [InlineData("x-uuencode", false)]
    [InlineData("", false)]
    public void Encodings_of_MIME_are_known_and_no_others(string encoding, bool known) => PieceDecoder.IsKnown(encoding).ShouldBe(known);
}
