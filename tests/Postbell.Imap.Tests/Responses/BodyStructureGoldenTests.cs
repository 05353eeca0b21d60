using System.IO.Pipelines;
using System.Text;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;
using Postbell.Imap.Tests.Support;
using Postbell.Mime;

namespace Postbell.Imap.Tests.Responses;

/// <summary>BODYSTRUCTURE and ENVELOPE of messages as they come, and as nobody should write them: what is told stays what a mail program can read.</summary>
public sealed class BodyStructureGoldenTests
{
    private const string Text = "\"text\" \"plain\" NIL NIL NIL \"7bit\"";
    private const string NoMore = "NIL NIL NIL NIL";

    public static TheoryData<string, string, string> Goldens { get; } = new()
    {
        { "nothing at all", "", $"({Text} 0 0 {NoMore})" },
        { "no blank line", "Subject: x", $"({Text} 0 0 {NoMore})" },
        { "charset of another world", "Content-Type: text/plain; charset=klingon\n\nqapla\n", "(\"text\" \"plain\" (\"charset\" \"klingon\") NIL NIL \"7bit\" 7 1 NIL NIL NIL NIL)" },
        { "8 bit in a parameter", "Content-Type: application/x; name=caf\u00c3\u00a9\n\nx", "(\"application\" \"x\" (\"name\" {5}\r\ncaf\u00c3\u00a9) NIL NIL \"7bit\" 1 NIL NIL NIL NIL)" },
        { "binary", "Content-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\n\u0001\u00ff", "(\"application\" \"octet-stream\" NIL NIL NIL \"binary\" 2 NIL NIL NIL NIL)" },
        { "an encoding nobody knows", "Content-Transfer-Encoding: x-rot13\n\nuryyb\n", "(\"text\" \"plain\" NIL NIL NIL \"x-rot13\" 7 1 NIL NIL NIL NIL)" },
        {
            "continued parameters", "Content-Type: a/b; name*0*=utf-8''na%C3%AFve; name*1=\" and\"; name*2*=%20long.txt; x=1\n\n.",
            "(\"a\" \"b\" (\"x\" \"1\" \"name*\" \"utf-8''na%C3%AFve and%20long.txt\") NIL NIL \"7bit\" 1 NIL NIL NIL NIL)"
        },
        { "quotes in quotes", "Content-Type: a/b; name=\"a \\\"b\\\" \\\\ c\"\n\n.", "(\"a\" \"b\" (\"name\" \"a \\\"b\\\" \\\\ c\") NIL NIL \"7bit\" 1 NIL NIL NIL NIL)" },
        { "a boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nno part\n", $"({Text} 9 1 {NoMore})" },
        { "no closing boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none", $"(({Text} 3 0 {NoMore}) \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)" },
        {
            "boundaries that touch", "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b--",
            $"(({Text} 0 0 {NoMore})({Text} 0 0 {NoMore}) \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)"
        },
        {
            "an inner part that does not end", "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/digest; boundary=i\n\n--i\nContent-Type: text/plain\n\nx\n--o--\n",
            $"((({Text} 1 0 {NoMore}) \"digest\" (\"boundary\" \"i\") NIL NIL NIL) \"mixed\" (\"boundary\" \"o\") NIL NIL NIL)"
        },
        { "a message inside that is encoded", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ==\n", "(\"application\" \"octet-stream\" NIL NIL NIL \"base64\" 6 NIL NIL NIL NIL)" },
        {
            "a message inside", "Content-Type: message/rfc822\n\nFrom: a@b\nSubject: in\n\nx",
            "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 27 (NIL \"in\" ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL) "
            + $"({Text} 1 0 {NoMore}) 3 NIL NIL NIL NIL)"
        },
        {
            "everything that can be told", "Content-Type: image/png; name=a\nContent-ID: <1@x>\nContent-Description: a picture\nContent-MD5: Q2hlY2s=\n"
            + "Content-Disposition: inline; filename=a; size=3\nContent-Language: de, en\nContent-Location: http://x/y\nContent-Transfer-Encoding: BASE64\n\nAAAA",
            "(\"image\" \"png\" (\"name\" \"a\") \"<1@x>\" \"a picture\" \"base64\" 4 \"Q2hlY2s=\" (\"inline\" (\"filename\" \"a\" \"size\" \"3\")) (\"de\" \"en\") \"http://x/y\")"
        },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Structures_are_told_exactly(string name, string message, string structure)
    {
        var told = await StructureAsync(Encoding.Latin1.GetBytes(Mail.Crlf(message)));
        told.ShouldBe(structure, name);
    }

    [Theory]
    [InlineData("Subject: caf\u00c3\u00a9", "(NIL {5}\r\ncaf\u00c3\u00a9 NIL NIL NIL NIL NIL NIL NIL NIL)")]
    [InlineData("Subject: caf\u00e9", "(NIL {5}\r\ncaf\u00c3\u00a9 NIL NIL NIL NIL NIL NIL NIL NIL)")]
    [InlineData("Subject: =?utf-8?Q?caf=C3=A9?=\n =?utf-8?Q?s?=", "(NIL \"=?utf-8?Q?caf=C3=A9?= =?utf-8?Q?s?=\" NIL NIL NIL NIL NIL NIL NIL NIL)")]
    [InlineData("To: team: \"A, B\" <a@x>, c@y;, undisclosed:;", "(NIL NIL NIL NIL NIL ((NIL NIL \"team\" NIL)(\"A, B\" NIL \"a\" \"x\")(NIL NIL \"c\" \"y\")(NIL NIL NIL NIL)(NIL NIL \"undisclosed\" NIL)(NIL NIL NIL NIL)) NIL NIL NIL NIL)")]
    [InlineData("Subject: a \"quoted\" \\ word\nDate: whenever", "(\"whenever\" \"a \\\"quoted\\\" \\\\ word\" NIL NIL NIL NIL NIL NIL NIL NIL)")]
    public async Task Envelopes_are_told_exactly(string header, string envelope)
    {
        var root = MimeParser.Parse(Encoding.Latin1.GetBytes(Mail.Crlf(header + "\n\n")));
        (await WrittenAsync(writer => EnvelopeResponse.Write(writer, root.Envelope!))).ShouldBe(envelope);
    }

    internal static Task<string> StructureAsync(byte[] message) =>
        WrittenAsync(writer => BodyStructureResponse.Write(writer, MimeParser.Parse(message), extended: true));

    private static async Task<string> WrittenAsync(Action<ResponseWriter> write)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        write(new ResponseWriter(pipe.Writer));
        await pipe.Writer.FlushAsync();
        await pipe.Writer.CompleteAsync();
        using var text = new StreamReader(pipe.Reader.AsStream(), Encoding.Latin1);
        return await text.ReadToEndAsync();
    }
}
