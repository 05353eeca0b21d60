using System.Text;

namespace Postbell.Mime.Tests;

public sealed class HostileMessageTests
{
    [Fact]
    public void An_empty_message_is_an_empty_text()
    {
        var root = MimeParser.Parse([]);
        Sample.Shape(root).ShouldBe("text/plain");
        (root.BodyStart, root.End).ShouldBe((0, 0));
    }

    [Fact]
    public void A_message_that_is_all_header_has_an_empty_body()
    {
        var root = MimeParser.Parse(Sample.Bytes("Subject: x\nTo: y"));
        root.BodyLength.ShouldBe(0);
        root.Envelope!.Subject.ShouldBe("x");
    }

    [Fact]
    public void A_message_that_is_all_body_keeps_it()
    {
        var message = Sample.Bytes("\nbody");
        Sample.Text(message, MimeSection.Locate(MimeParser.Parse(message), [], MimeSectionPart.Text)).ShouldBe("body");
    }

    [Theory]
    [InlineData("multipart/mixed")]
    [InlineData("multipart/mixed; boundary=")]
    [InlineData("multipart/mixed; boundary=never")]
    public void A_multipart_without_boundary_lines_is_shown_as_text(string type)
    {
        var message = Sample.Bytes($"Content-Type: {type}\n\nsome text\n");
        var root = MimeParser.Parse(message);
        Sample.Shape(root).ShouldBe("text/plain");
        Sample.Text(message, MimeSection.Locate(root, [1], MimeSectionPart.Whole)).ShouldBe("some text\r\n");
    }

    [Fact]
    public void A_missing_closing_boundary_ends_at_the_end()
    {
        var message = Sample.Bytes("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo");
        var root = MimeParser.Parse(message);
        Sample.Text(message, MimeSection.Locate(root, [2], MimeSectionPart.Whole)).ShouldBe("two");
    }

    [Fact]
    public void An_inner_multipart_without_closing_ends_where_the_outer_boundary_stands()
    {
        var root = MimeParser.Parse(Sample.Bytes(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--o\n\nlast\n--o--\n"));
        Sample.Shape(root).ShouldBe("multipart/mixed[multipart/mixed[text/plain] text/plain]");
    }

    [Fact]
    public void A_boundary_that_begins_like_another_is_not_mistaken_for_it()
    {
        var root = MimeParser.Parse(Sample.Bytes(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nx\n--bb--\n--b\n\n--bx is text\n--b--\n"));
        Sample.Shape(root).ShouldBe("multipart/mixed[multipart/mixed[text/plain] text/plain]");
    }

    [Fact]
    public void Empty_parts_and_touching_boundaries_are_parts()
    {
        var root = MimeParser.Parse(Sample.Bytes("Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b--"));
        root.Children.Count.ShouldBe(2);
        root.Children.ShouldAllBe(c => c.BodyLength == 0);
    }

    [Fact]
    public void Nesting_below_the_limit_is_followed_and_beyond_it_shown_as_bytes()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 500; i++)
        {
            text.Append($"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n");
        }

        var root = MimeParser.Parse(Sample.Bytes(text.ToString()));
        var depth = 0;
        var entity = root;
        for (; entity.Children.Count > 0; depth++)
        {
            entity = entity.Children[0];
        }

        depth.ShouldBe(MimeLimits.Default.MaxDepth);
        Sample.Shape(entity).ShouldBe("application/octet-stream");
        MimeJson.Deserialize(MimeJson.Serialize(root)).Children.Count.ShouldBe(1);
    }

    [Fact]
    public void Messages_inside_messages_are_followed_to_the_same_limit()
    {
        var root = MimeParser.Parse(Sample.Bytes(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 5000))));
        MimeJson.Deserialize(MimeJson.Serialize(root)).Type.ShouldBe("message");
    }

    [Fact]
    public void A_flood_of_parts_ends_at_the_limit_and_the_rest_stays_reachable()
    {
        var message = Sample.Bytes("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", 100_000)));
        var root = MimeParser.Parse(message);
        root.Children.Count.ShouldBeLessThanOrEqualTo(MimeLimits.Default.MaxParts);
        root.Children[^1].End.ShouldBe(message.Length);
    }

    [Fact]
    public void A_huge_header_is_cut_for_reading_but_its_body_is_found()
    {
        var message = Sample.Bytes("Subject: s\nX: " + new string('x', 5_000_000) + "\nTo: late@x\n\nbody");
        var root = MimeParser.Parse(message);
        root.Envelope!.Subject.ShouldBe("s");
        root.Envelope.To.ShouldBeNull();
        Sample.Text(message, MimeSection.Locate(root, [], MimeSectionPart.Text)).ShouldBe("body");
    }

    [Fact]
    public void A_flood_of_addresses_and_parameters_is_bounded()
    {
        var root = MimeParser.Parse(Sample.Bytes(
            "To: " + string.Join(",", Enumerable.Repeat("a@b", 50_000)) + "\nContent-Type: a/b"
            + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"; p{i}=v")) + "\n\n"));
        root.Envelope!.To!.Count.ShouldBeLessThanOrEqualTo(MimeLimits.Default.MaxAddresses);
        root.Parameters.Count.ShouldBeLessThanOrEqualTo(1000);
    }

    [Fact]
    public void An_encoded_message_inside_is_bytes()
    {
        var root = MimeParser.Parse(Sample.Bytes("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQp4\n"));
        Sample.Shape(root).ShouldBe("application/octet-stream");
    }

    [Theory]
    [InlineData("text")]
    [InlineData("/plain")]
    [InlineData("text/")]
    [InlineData("")]
    [InlineData("\"quoted\"")]
    public void A_senseless_type_is_plain_text(string type) =>
        Sample.Shape(MimeParser.Parse(Sample.Bytes($"Content-Type: {type}\n\nx"))).ShouldBe("text/plain");

    [Fact]
    public void Lines_that_are_no_fields_are_passed_over()
    {
        var root = MimeParser.Parse(Sample.Bytes("From me Thu Jan 1\nSubject: x\ngarbage\n: nothing\nbad name: y\nTo : z@z\n\nbody"));
        root.Envelope!.Subject.ShouldBe("x");
        root.Envelope.To![0].Host.ShouldBe("z");
    }

    [Fact]
    public void Eight_bit_headers_are_read_as_UTF8_or_windows_1252()
    {
        MimeParser.Parse("Subject: Zoë\r\n\r\n"u8).Envelope!.Subject.ShouldBe("Zoë");
        MimeParser.Parse([.. "Subject: Zo"u8, 0xEB, .. "\r\n\r\n"u8]).Envelope!.Subject.ShouldBe("Zoë");
    }

    [Theory]
    [InlineData("=?utf-8?Q?a")]
    [InlineData("=?")]
    [InlineData("a@b:")]
    [InlineData(":")]
    [InlineData("(")]
    [InlineData("\"")]
    [InlineData("<a@b")]
    [InlineData("x*1=;")]
    [InlineData("-")]
    [InlineData("--b\n")]
    [InlineData("<")]
    public void Work_grows_with_the_size_of_a_message_and_not_with_its_square(string piece)
    {
        var flood = string.Concat(Enumerable.Repeat(piece, 250_000 / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var root = MimeParser.Parse(Sample.Bytes($"Subject: {flood.Replace("\n", "")}\nTo: {flood.Replace("\n", "")}\nContent-Type: multipart/mixed; boundary=b; {flood.Replace("\n", "")}\n\n{flood}"));
        MimeParser.Parse(Sample.Bytes($"To: {flood.Replace("\n", "")}\n\n"));
        Postbell.Mime.Decoding.EncodedWords.Decode(flood);
        Postbell.Mime.Headers.AddressListParser.Parse(flood);
        MimeJson.Deserialize(MimeJson.Serialize(root)).ShouldNotBeNull();
        // The square of the size would take minutes.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Mutated_messages_always_give_a_sound_tree()
    {
        var seeds = new[]
        {
            Sample.Bytes(Sample.Nested),
            Sample.Bytes("To: \"A\" <a@b>, g:c@d;, (x) e@f (y)\nSubject: =?utf-8?B?w6k=?=\nContent-Type: text/plain; name*0*=utf-8''a; name*1=\"b\"\n\nx=E9=\n"),
        };
        var random = new Random(20260301);
        byte[][] words = [.. new[] { "--outer", "--in ner--", "\r\n", "\n", "\r", ":", ";", "=?", "?=", "\"", "(", "<", ">", "*0*=", "\0", "Content-Type: multipart/mixed; boundary=outer\r\n", "message/rfc822", "\r\n\r\n" }.Select(Encoding.ASCII.GetBytes)];
        for (var i = 0; i < 20_000; i++)
        {
            var message = Mutate(random, seeds[i % seeds.Length], words);
            Check(message, MimeParser.Parse(message), 0, message.Length);
        }
    }

    private static byte[] Mutate(Random random, byte[] seed, byte[][] words)
    {
        var bytes = seed.ToList();
        for (var n = random.Next(1, 8); n > 0; n--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    bytes.InsertRange(at, words[random.Next(words.Length)]);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at));
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(100), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Check(byte[] message, MimeEntity entity, long from, long to)
    {
        // Shouldly is too slow for this many checks.
        Assert.True(entity.Start >= from && entity.BodyStart >= entity.Start && entity.End >= entity.BodyStart && entity.End <= to);
        Assert.Equal(entity.BodyLines, message.AsSpan((int)entity.BodyStart, (int)entity.BodyLength).Count((byte)'\n'));
        Assert.True(!entity.IsMultipart || entity.Children.Count > 0);
        _ = entity.FileName;
        foreach (var child in entity.Children)
        {
            Check(message, child, entity.BodyStart, entity.End);
        }
    }
}
