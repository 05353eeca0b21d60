using System.Text;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Responses;

/// <summary>Structures of damaged messages: a client must always be able to read what is told.</summary>
public sealed class BodyStructureFuzzTests
{
    [Fact]
    public async Task Whatever_comes_the_answer_is_a_list_a_client_can_read()
    {
        string[] seeds = [Mail.Voice(), Mail.Forwarded(), .. BodyStructureGoldenTests.Goldens.Select(static g => Mail.Crlf(g.Data.Item2))];
        var random = new Random(2045);
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(seeds[round % seeds.Length]).ToList();
            for (var n = random.Next(1, 6); n > 0 && bytes.Count > 1; n--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveAt(at);
                        break;
                    default:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(30, bytes.Count - at)));
                        break;
                }
            }

            var told = await BodyStructureGoldenTests.StructureAsync([.. bytes]);
            ListEnd(told, 0).ShouldBe(told.Length, told);
        }
    }

    [Fact]
    public async Task Nesting_without_end_is_told_to_a_depth_and_a_flood_of_parts_to_a_number()
    {
        var deep = string.Concat(Enumerable.Range(0, 500).Select(static i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"));
        var told = await BodyStructureGoldenTests.StructureAsync(Encoding.ASCII.GetBytes(deep));
        told.ShouldStartWith(new string('(', 33) + "\"application\" \"octet-stream\" NIL");
        ListEnd(told, 0).ShouldBe(told.Length);
        var wide = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 50_000));
        told = await BodyStructureGoldenTests.StructureAsync(Encoding.ASCII.GetBytes(wide));
        told.Length.ShouldBeLessThan(100_000);
        ListEnd(told, 0).ShouldBe(told.Length);
    }

    /// <summary>Where the list that begins at a place ends; it fails where there is none.</summary>
    private static int ListEnd(string text, int at)
    {
        text[at].ShouldBe('(');
        for (at++; text[at] != ')';)
        {
            at = text[at] switch
            {
                '(' => ListEnd(text, at),
                '"' => QuotedEnd(text, at),
                '{' => LiteralEnd(text, at),
                _ => AtomEnd(text, at),
            };
            at += text[at] == ' ' ? 1 : 0;
        }

        return at + 1;
    }

    private static int QuotedEnd(string text, int at)
    {
        for (at++; text[at] != '"'; at++)
        {
            (text[at] is >= ' ' and <= '~').ShouldBeTrue();
            at += text[at] == '\\' ? 1 : 0;
        }

        return at + 1;
    }

    private static int LiteralEnd(string text, int at)
    {
        var close = text.IndexOf("}\r\n", at, StringComparison.Ordinal);
        return close + 3 + int.Parse(text[(at + 1)..close]);
    }

    private static int AtomEnd(string text, int at)
    {
        var end = at;
        while (char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        end.ShouldBeGreaterThan(at, text[Math.Max(0, at - 40)..]);
        return end;
    }
}
