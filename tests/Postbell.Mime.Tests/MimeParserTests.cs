using System.Text;

namespace Postbell.Mime.Tests;

public sealed class MimeParserTests
{
    [Fact]
    public void A_plain_message_is_one_text_part()
    {
        var message = Sample.Bytes("Subject: x\n\none\ntwo\n");
        var root = MimeParser.Parse(message);
        Sample.Shape(root).ShouldBe("text/plain");
        root.Encoding.ShouldBe("7bit");
        root.BodyStart.ShouldBe(14);
        root.BodyLength.ShouldBe(10);
        root.BodyLines.ShouldBe(2);
        root.Envelope!.Subject.ShouldBe("x");
    }

    [Fact]
    public void A_tree_of_parts_and_messages_is_read()
    {
        var root = MimeParser.Parse(Sample.Bytes(Sample.Nested));
        Sample.Shape(root).ShouldBe(
            "multipart/mixed[text/plain message/rfc822[multipart/alternative[text/plain text/html]] message/rfc822[text/plain]]");
        root.Children[1].Disposition!.Kind.ShouldBe("inline");
        root.Children[1].Children[0].Envelope!.Subject.ShouldBe("inner");
        root.Children[0].BodyLines.ShouldBe(1);
        root.Children[0].Envelope.ShouldBeNull();
    }

    [Theory]
    [InlineData("1", MimeSectionPart.Whole, "first\r\nsecond")]
    [InlineData("1", MimeSectionPart.Mime, "Content-Type: text/plain\r\n\r\n")]
    [InlineData("2", MimeSectionPart.Header, "From: b@example.com\r\nSubject: inner\r\nContent-Type: multipart/alternative; boundary=\"in ner\"\r\n\r\n")]
    [InlineData("2.1", MimeSectionPart.Whole, "plain")]
    [InlineData("2.2", MimeSectionPart.Whole, "<p>html</p>")]
    [InlineData("2.2", MimeSectionPart.Mime, "Content-Type: text/html\r\n\r\n")]
    [InlineData("3", MimeSectionPart.Text, "body of simple")]
    [InlineData("3", MimeSectionPart.Whole, "Subject: simple\r\n\r\nbody of simple")]
    [InlineData("3.1", MimeSectionPart.Whole, "body of simple")]
    [InlineData("3.1", MimeSectionPart.Mime, "Subject: simple\r\n\r\n")]
    public void Sections_name_exact_bytes(string path, MimeSectionPart part, string expected)
    {
        var message = Sample.Bytes(Sample.Nested);
        Sample.Text(message, MimeSection.Locate(MimeParser.Parse(message), Path(path), part)).ShouldBe(expected);
    }

    [Fact]
    public void The_empty_path_names_the_message_itself()
    {
        var message = Sample.Bytes(Sample.Nested);
        var root = MimeParser.Parse(message);
        MimeSection.Locate(root, [], MimeSectionPart.Whole).ShouldBe(new MimeRange(0, message.Length));
        Sample.Text(message, MimeSection.Locate(root, [], MimeSectionPart.Header)).ShouldEndWith("boundary=outer\r\n\r\n");
        Sample.Text(message, MimeSection.Locate(root, [], MimeSectionPart.Text)).ShouldStartWith("preamble");
        MimeSection.Locate(root, [], MimeSectionPart.Mime).ShouldBeNull();
    }

    [Theory]
    [InlineData("4")]
    [InlineData("0")]
    [InlineData("1.1")]
    [InlineData("2.3")]
    [InlineData("3.2")]
    [InlineData("3.1.1")]
    public void Parts_that_are_not_there_are_not_found(string path) =>
        MimeSection.FindPart(MimeParser.Parse(Sample.Bytes(Sample.Nested)), Path(path)).ShouldBeNull();

    [Fact]
    public void A_header_section_of_a_part_that_is_no_message_does_not_exist() =>
        MimeSection.Locate(MimeParser.Parse(Sample.Bytes(Sample.Nested)), [1], MimeSectionPart.Header).ShouldBeNull();

    [Fact]
    public void Part_one_of_a_message_without_parts_is_its_body()
    {
        var message = Sample.Bytes("Subject: x\n\nbody");
        Sample.Text(message, MimeSection.Locate(MimeParser.Parse(message), [1], MimeSectionPart.Whole)).ShouldBe("body");
    }

    [Fact]
    public void Every_structure_field_of_IMAP_is_read()
    {
        var root = MimeParser.Parse(Sample.Bytes("""
            Content-Type: (c) Application/PDF (x); name="a;b\"c.pdf" ; x=y
            Content-ID: <id@x>
            Content-Description: =?utf-8?Q?d=C3=A9j=C3=A0?=
            Content-Transfer-Encoding: BASE64 (really)
            Content-MD5: Q2hlY2s=
            Content-Disposition: attachment; filename*0*=utf-8'en'na%C3%AFve; filename*1=" file.pdf"; size=17
            Content-Language: en-US, de
            Content-Location: http://x/y

            AAAA
            """));
        (root.Type, root.Subtype, root.Encoding).ShouldBe(("application", "pdf", "base64"));
        root.Parameters.ShouldBe([new MimeParameter("name", "a;b\"c.pdf"), new MimeParameter("x", "y")]);
        root.Id.ShouldBe("<id@x>");
        root.Description.ShouldBe("=?utf-8?Q?d=C3=A9j=C3=A0?=");
        root.Md5.ShouldBe("Q2hlY2s=");
        root.Disposition!.Kind.ShouldBe("attachment");
        root.Disposition.Parameters.ShouldBe([new MimeParameter("size", "17"), new MimeParameter("filename*", "utf-8'en'na%C3%AFve file.pdf")]);
        root.FileName.ShouldBe("naïve file.pdf");
        root.Language.ShouldBe(["en-US", "de"]);
        root.Location.ShouldBe("http://x/y");
    }

    [Theory]
    [InlineData("text/plain; charset=\"utf-8\"", "charset", "utf-8")]
    [InlineData("text/plain; NAME==?iso-8859-1?Q?caf=E9?=", "name", "café")]
    [InlineData("a/b; name*=iso-8859-1''caf%E9", "name", "café")]
    [InlineData("a/b; name*=UTF-8''x; name=plain", "name", "x")]
    [InlineData("a/b; name*1=b; name*0=a", "name", "ab")]
    [InlineData("a/b; name*0=a; name*2=c", "name", "a")]
    [InlineData("a/b; name=my file.txt; x=1", "name", "my file.txt")]
    [InlineData("a/b; name=\"unclosed", "name", "unclosed")]
    [InlineData("a/b;;; name=x;", "name", "x")]
    [InlineData("a/b; name*0=100%; name*1*=%41", "name", "100%A")]
    public void Parameters_are_decoded(string type, string name, string value) =>
        MimeParser.Parse(Sample.Bytes($"Content-Type: {type}\n\n")).Parameter(name).ShouldBe(value);

    [Fact]
    public void Bare_line_feeds_are_understood()
    {
        var message = Encoding.ASCII.GetBytes(Sample.Nested.Replace("\r\n", "\n"));
        var root = MimeParser.Parse(message);
        Sample.Shape(root).ShouldBe(Sample.Shape(MimeParser.Parse(Sample.Bytes(Sample.Nested))));
        Sample.Text(message, MimeSection.Locate(root, [2, 1], MimeSectionPart.Whole)).ShouldBe("plain");
    }

    [Fact]
    public void A_digest_holds_messages_by_default()
    {
        var root = MimeParser.Parse(Sample.Bytes("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nx\n--b--\n"));
        Sample.Shape(root).ShouldBe("multipart/digest[message/rfc822[text/plain]]");
        root.Children[0].Children[0].Envelope!.Subject.ShouldBe("one");
    }

    [Fact]
    public void A_structure_survives_being_written_and_read()
    {
        var root = MimeParser.Parse(Sample.Bytes(Sample.Nested.Replace("Subject: outer", "Subject: outer\nTo: g: a@b, c@d;, \"E\" <e@f>")));
        var json = MimeJson.Serialize(root);
        var again = MimeJson.Deserialize(json);
        MimeJson.Serialize(again).ShouldBe(json);
        again.Envelope!.To!.Count.ShouldBe(5);
        again.Children[1].Children[0].Children[1].Subtype.ShouldBe("html");
    }

    private static int[] Path(string path) => [.. path.Split('.').Select(int.Parse)];
}
