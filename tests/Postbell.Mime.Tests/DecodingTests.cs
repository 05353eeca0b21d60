using System.Text;
using Postbell.Mime.Composing;
using Postbell.Mime.Decoding;
using Postbell.Mime.Headers;

namespace Postbell.Mime.Tests;

public sealed class DecodingTests
{
    // The first ones are from RFC 2047 section 8.
    [Theory]
    [InlineData("(=?ISO-8859-1?Q?a?=)", "(a)")]
    [InlineData("=?ISO-8859-1?Q?a?= b", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a?=  \t =?ISO-8859-2?Q?_b?=", "a b")]
    [InlineData("=?ISO-8859-1?Q?a_b?=", "a b")]
    [InlineData("=?iso-8859-1?q?Keld_J=F8rn_Simonsen?= <x@y>", "Keld Jørn Simonsen <x@y>")]
    [InlineData("=?ISO-8859-8?B?7eXs+SDv4SDp7Oj08A==?=", "םולש ןב ילטפנ")]
    [InlineData("=?utf-8*en?Q?=C3=A9?=", "é")]
    [InlineData("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é")]
    [InlineData("=?windows-1251?B?z/Do4uXy?=", "Привет")]
    [InlineData("=?no-such?Q?a?=", "=?no-such?Q?a?=")]
    [InlineData("=?utf-8?X?a?=", "=?utf-8?X?a?=")]
    [InlineData("=?utf-8?Q?a", "=?utf-8?Q?a")]
    [InlineData("=?=?=?", "=?=?=?")]
    [InlineData("a = ? b", "a = ? b")]
    [InlineData("=?utf-8?Q?=ZZ=?=", "=ZZ=")]
    public void Encoded_words_are_decoded(string text, string expected) => EncodedWords.Decode(text).ShouldBe(expected);

    [Theory]
    [InlineData("a=20b=\r\nc  \r\nd=3D=3d", "a bc\r\nd==")]
    [InlineData("x=4", "x=4")]
    [InlineData("x=\n", "x")]
    [InlineData("a\nb=41", "a\nbA")]
    [InlineData("=", "")]
    public void Quoted_printable_is_decoded(string text, string expected) =>
        Encoding.ASCII.GetString(TransferDecoder.Decode(Encoding.ASCII.GetBytes(text), "Quoted-Printable")).ShouldBe(expected);

    [Theory]
    [InlineData("aGVs\r\nbG8=", "hello")]
    [InlineData("aGVsbG8", "hello")]
    [InlineData("a*G!V s b G 8 =", "hello")]
    [InlineData("aGk=aGk=", "hihi")]
    [InlineData("====", "")]
    [InlineData("a", "")]
    public void Base64_is_decoded_as_far_as_it_goes(string text, string expected) =>
        Encoding.ASCII.GetString(TransferDecoder.Base64(Encoding.ASCII.GetBytes(text))).ShouldBe(expected);

    [Theory]
    [InlineData("us-ascii", new byte[] { 0xC3, 0xA9 }, "é")]
    [InlineData("us-ascii", new byte[] { 0xE9 }, "é")]
    [InlineData("ISO-8859-1", new byte[] { 0x93, 0xE9 }, "“é")]
    [InlineData("iso-8859-15", new byte[] { 0xA4 }, "€")]
    [InlineData("koi8-r", new byte[] { 0xC1 }, "а")]
    [InlineData("cp1250", new byte[] { 0x9A }, "š")]
    [InlineData("unknown-8bit", new byte[] { 0xE9 }, "é")]
    [InlineData("utf-7", new byte[] { 0x2B, 0x41 }, "+A")]
    [InlineData(null, new byte[] { 0x41 }, "A")]
    [InlineData("utf-8", new byte[] { 0xFF }, "\ufffd")]
    public void Charsets_are_decoded(string? charset, byte[] bytes, string expected) => Charsets.Decode(bytes, charset).ShouldBe(expected);

    [Fact]
    public void Header_fields_are_selected_byte_for_byte()
    {
        var header = Sample.Bytes("From: a\nX-Long: one\n two\nsubject:  s\n\nbody: not\n");
        Encoding.ASCII.GetString(HeaderText.Select(header, ["SUBJECT", "x-long", "none"])).ShouldBe("X-Long: one\r\n two\r\nsubject:  s\r\n\r\n");
        Encoding.ASCII.GetString(HeaderText.Select(header, ["x-long"], except: true)).ShouldBe("From: a\r\nsubject:  s\r\n\r\n");
        HeaderText.Find(header, "x-long"u8).ShouldBe("one two");
    }

    [Theory]
    [InlineData("Sun, 01 Mar 2026 09:00:00 +0000", "2026-03-01")]
    [InlineData("1 Mar 26 23:59:59 -0800 (PST)", "2026-03-01")]
    [InlineData("Thu,  5-Feb-1998 10:00 GMT", "1998-02-05")]
    [InlineData("01 Mar 99 00:00:00 GMT", "1999-03-01")]
    public void The_day_of_a_date_is_read(string text, string day)
    {
        MailDate.TryParseDay(text, out var read).ShouldBeTrue();
        read.ToString("yyyy-MM-dd").ShouldBe(day);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("yesterday")]
    [InlineData("31 Feb 2026 00:00:00 +0000")]
    [InlineData("01 Foo 2026")]
    [InlineData("0 Mar 2026")]
    public void What_is_no_date_is_refused(string? text) => MailDate.TryParseDay(text, out _).ShouldBeFalse();
}
