using System.Text;
using Postbell.Mime;
using Postbell.Mime.Decoding;
using Postbell.Mime.Headers;

namespace Postbell.Mailbox.Searching;

/// <summary>The decoded text of headers and text parts: what searching, the index and previews look at, the same for all of them.</summary>
internal static class MessageText
{
    /// <summary>Names and decoded values of header fields.</summary>
    public static List<(string Name, string Value)> Fields(ReadOnlySpan<byte> header)
    {
        var fields = new List<(string, string)>();
        foreach (var field in new HeaderReader(header))
        {
            fields.Add((Encoding.ASCII.GetString(field.Name(header)), EncodedWords.Decode(HeaderText.Unfold(field.RawValue(header)))));
        }

        return fields;
    }

    /// <summary>The text of a text part from its raw body.</summary>
    public static string Part(MimeEntity entity, ReadOnlySpan<byte> raw)
    {
        var decoded = Charsets.Decode(TransferDecoder.Decode(raw, entity.Encoding), entity.Parameter("charset"));
        return entity.Subtype == "html" ? HtmlText.Plain(decoded) : decoded;
    }
}
