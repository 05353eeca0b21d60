using System.Text;
using Postbell.Mime.Composing;
using Postbell.Mime.Decoding;
using Postbell.Mime.Headers;

namespace Postbell.Mime.Tests;

public sealed class ComposerTests
{
    private static readonly OutgoingPart Hello = OutgoingPart.Text("hello\n");

    public static TheoryData<string> HostileTexts => new(
        "x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com", "x\r\n\r\n<script>", "\0\u0001\u007f\u0085\u2028", "=?utf-8?Q?=0D=0A?=", "a\"b\\c<d>@e;f",
        new string('x', 5000), new string('é', 500), string.Concat(Enumerable.Repeat("😀", 300)), "\ud800 lone", "\u202Egnp.exe", "", "   ", ",,;:()<>@");

    [Fact]
    public void A_simple_message_is_written_exactly()
    {
        var message = new OutgoingMessage("seed", OutgoingPart.Multipart("alternative", Hello, OutgoingPart.Text("<p>é</p>\n", "html")))
            .AddDate("Date", new DateTimeOffset(2026, 3, 1, 9, 5, 7, TimeSpan.FromMinutes(-210)))
            .AddAddresses("From", new MimeAddress("Zoë Q. Bell", "zoe", "example.com"))
            .AddAddresses("To", new MimeAddress("Bell, Ann", "ann", "example.com"), new MimeAddress(null, "bo", "example.com"))
            .AddAddresses("Cc")
            .AddText("Subject", "Voice Mail from Zoë (17 seconds)");
        Encoding.ASCII.GetString(message.ToBytes()).ShouldBe("""
            Date: Sun, 01 Mar 2026 09:05:07 -0330
            From: =?utf-8?Q?Zo=C3=AB_Q=2E_Bell?= <zoe@example.com>
            To: "Bell, Ann" <ann@example.com>, bo@example.com
            Subject: =?utf-8?Q?Voice_Mail_from_Zo=C3=AB_=2817_seconds=29?=
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="=_seed_0"

            --=_seed_0
            Content-Type: text/plain; charset="utf-8"
            Content-Transfer-Encoding: 7bit

            hello

            --=_seed_0
            Content-Type: text/html; charset="utf-8"
            Content-Transfer-Encoding: quoted-printable

            <p>=C3=A9</p>

            --=_seed_0--

            """.Replace("\r\n", "\n").Replace("\n", "\r\n"));
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Hostile_text_cannot_add_a_line_a_field_or_a_part(string text)
    {
        var bytes = new OutgoingMessage("s", OutgoingPart.Multipart("mixed", OutgoingPart.Text(text + "\n--=_s_0--\n"), OutgoingPart.File("audio/mp3", new byte[100], text)))
            .AddAddresses("From", new MimeAddress(text, text, text))
            .AddText("Subject", text)
            .ToBytes();
        var names = new List<string>();
        foreach (var field in new HeaderReader(bytes))
        {
            names.Add(Encoding.ASCII.GetString(field.Name(bytes)));
        }

        names.ShouldBe(["From", "Subject", "MIME-Version", "Content-Type"]);
        Sample.Shape(MimeParser.Parse(bytes)).ShouldBe("multipart/mixed[text/plain audio/mp3]");
        MimeParser.Parse(bytes).Envelope!.Bcc.ShouldBeNull();
        CheckLines(bytes);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Text_survives_encoding_and_decoding(string text)
    {
        var bytes = new OutgoingMessage("s", OutgoingPart.Text(text)).AddText("Subject", text).ToBytes();
        var expected = string.Join(' ', Rune(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        EncodedWords.Decode(MimeParser.Parse(bytes).Envelope!.Subject!).ShouldBe(expected);
    }

    [Fact]
    public void Every_encoded_word_stands_for_itself_and_is_short_enough()
    {
        var bytes = new OutgoingMessage("s", Hello).AddText("Subject", "日本語のとても長い件名 " + string.Concat(Enumerable.Repeat("漢字😀", 60))).ToBytes();
        var subject = HeaderText.Find(bytes, "subject"u8)!;
        foreach (var word in subject.Split(' '))
        {
            word.Length.ShouldBeLessThanOrEqualTo(75);
            EncodedWords.Decode(word).ShouldNotContain('\ufffd');
        }

        CheckLines(bytes);
    }

    [Theory]
    [InlineData("plain name.mp3", "plain name.mp3")]
    [InlineData("Zoë (17 seconds) Voice Mail.mp3", "Zoë (17 seconds) Voice Mail.mp3")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("a\"b\\c.mp3", "a_b_c.mp3")]
    [InlineData("日本語のとても長い名前のファイル日本語のとても長い名前のファイル.wav", "日本語のとても長い名前のファイル日本語のとても長い名前のファイル.wav")]
    [InlineData("x\r\nContent-Type: text/html", "x Content-Type_ text_html")]
    [InlineData("...", "file")]
    public void File_names_come_back_clean_and_whole(string name, string expected)
    {
        var bytes = new OutgoingMessage("s", OutgoingPart.File("audio/mp3", new byte[3], name)).ToBytes();
        var root = MimeParser.Parse(bytes);
        root.FileName.ShouldBe(expected);
        root.Disposition!.Parameters.ShouldContain(p => p.Name == "filename");
        CheckLines(bytes);
    }

    [Fact]
    public void A_long_file_name_keeps_its_extension() =>
        FileName.Clean(new string('x', 500) + ".mp3").ShouldBe(new string('x', 116) + ".mp3");

    [Theory]
    [InlineData("short ascii\nlines\n", "7bit")]
    [InlineData("Grüße aus München, und noch etwas Text", "quoted-printable")]
    [InlineData("日本語のテキスト", "base64")]
    [InlineData("has =_ in it", "quoted-printable")]
    public void The_plainest_encoding_is_chosen_and_the_text_comes_back(string text, string encoding)
    {
        var bytes = new OutgoingMessage("s", OutgoingPart.Text(text)).ToBytes();
        var root = MimeParser.Parse(bytes);
        root.Encoding.ShouldBe(encoding);
        Decoded(bytes, root).ShouldBe(text.ReplaceLineEndings("\r\n"));
        CheckLines(bytes);
    }

    [Theory]
    [InlineData("trailing blank \nand tab\t\n")]
    [InlineData("lone \r return é")]
    [InlineData("é\n\n\né")]
    [InlineData("é====")]
    public void Quoted_printable_keeps_every_character(string text)
    {
        var long_ = text + new string('a', 75) + "é" + new string('b', 200) + " ";
        var bytes = new OutgoingMessage("s", OutgoingPart.Text(long_)).ToBytes();
        Decoded(bytes, MimeParser.Parse(bytes)).ShouldBe(long_.ReplaceLineEndings("\r\n"));
        CheckLines(bytes);
    }

    [Fact]
    public void Random_texts_survive_both_encodings()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => "aé =\t\n.-日"[random.Next(9)]));
            var bytes = new OutgoingMessage("s", OutgoingPart.Text(text)).ToBytes();
            Assert.Equal(text.ReplaceLineEndings("\r\n"), Decoded(bytes, MimeParser.Parse(bytes)));
        }
    }

    [Fact]
    public void Bytes_come_back_from_base64()
    {
        var content = new byte[10_000];
        new Random(1).NextBytes(content);
        var bytes = new OutgoingMessage("s", OutgoingPart.Multipart("mixed", Hello, OutgoingPart.File("audio/mp3", content, "x.mp3"))).ToBytes();
        var part = MimeParser.Parse(bytes).Children[1];
        TransferDecoder.Decode(bytes.AsSpan((int)part.BodyStart, (int)part.BodyLength), part.Encoding).ShouldBe(content);
        CheckLines(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A:B")]
    [InlineData("A\r\nB")]
    [InlineData("é")]
    public void A_field_name_that_is_none_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new OutgoingMessage("s", Hello).AddText(name, "x"));

    private static string Decoded(byte[] message, MimeEntity part) => Charsets.Decode(
        TransferDecoder.Decode(message.AsSpan((int)part.BodyStart, (int)part.BodyLength), part.Encoding), part.Parameter("charset"));

    private static string Rune(string text) => string.Concat(
        text.EnumerateRunes().Select(r => System.Text.Rune.IsControl(r) || System.Text.Rune.IsWhiteSpace(r) ? " " : r.ToString()));

    /// <summary>CRLF everywhere and nowhere alone, ASCII only, lines within the limits.</summary>
    private static void CheckLines(byte[] message)
    {
        message.ShouldAllBe(b => b < 0x80);
        var text = Encoding.ASCII.GetString(message);
        text.Replace("\r\n", "").ShouldNotContain('\n');
        text.Replace("\r\n", "").ShouldNotContain('\r');
        text.Split("\r\n").ShouldAllBe(line => line.Length <= 998);
    }
}
