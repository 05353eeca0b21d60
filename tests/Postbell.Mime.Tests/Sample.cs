using System.Text;

namespace Postbell.Mime.Tests;

internal static class Sample
{
    /// <summary>A message from text with bare line feeds, as it goes over the wire.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n").Replace("\n", "\r\n"));

    public static string Text(byte[] message, MimeRange? range) =>
        Encoding.UTF8.GetString(message, (int)range!.Value.Start, (int)range.Value.Length);

    /// <summary>The tree in one line, for instance <c>multipart/mixed[text/plain image/png]</c>.</summary>
    public static string Shape(MimeEntity entity) =>
        $"{entity.Type}/{entity.Subtype}" + (entity.Children.Count == 0 ? "" : "[" + string.Join(' ', entity.Children.Select(Shape)) + "]");

    public const string Nested = """
        From: a@example.com
        Subject: outer
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        preamble
        --outer
        Content-Type: text/plain

        first
        second
        --outer
        Content-Type: message/rfc822
        Content-Disposition: inline

        From: b@example.com
        Subject: inner
        Content-Type: multipart/alternative; boundary="in ner"

        --in ner
        Content-Type: text/plain

        plain
        --in ner
        Content-Type: text/html

        <p>html</p>
        --in ner--
        --outer
        Content-Type: message/rfc822

        Subject: simple

        body of simple
        --outer--
        epilogue

        """;
}
