using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The arguments of SEARCH and UID SEARCH (RFC 3501 section 6.4.4).</summary>
internal sealed record SearchRequest(SearchKey Key)
{
    public static bool TryParse(ref CommandReader reader, out SearchRequest request)
    {
        request = null!;
        if (!reader.Space())
        {
            return false;
        }

        Encoding charset = StrictUtf8;
        if (reader.TakeWord("CHARSET"u8))
        {
            if (!reader.Space() || !reader.AString(out var name) || !TryCharset(ref reader, name, out charset) || !reader.Space())
            {
                return false;
            }
        }

        var parser = new SearchKeyParser(charset);
        if (!parser.TryKeys(ref reader, depth: 0, out var key) || !reader.End())
        {
            return false;
        }

        request = new SearchRequest(key);
        return true;
    }

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static bool TryCharset(ref CommandReader reader, byte[] name, out Encoding charset)
    {
        charset = StrictUtf8;
        switch (Encoding.Latin1.GetString(name).ToUpperInvariant())
        {
            case "UTF-8":
            case "US-ASCII":
                return true;
            case "ISO-8859-1":
                charset = Encoding.Latin1;
                return true;
            default:
                return reader.Fail(ParseFailure.CharsetUnknown);
        }
    }
}
