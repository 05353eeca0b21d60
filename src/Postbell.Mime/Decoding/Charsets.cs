using System.Text;

namespace Postbell.Mime.Decoding;

/// <summary>Character sets of mail by name. Decoding never fails: bytes without meaning become U+FFFD.</summary>
public static class Charsets
{
    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>True when the name (any case) is a charset that can be decoded.</summary>
    public static bool IsKnown(string charset) => Find(charset) is not null;

    /// <summary>Decodes bytes. A null, empty or unknown charset is taken as UTF-8 when the bytes are that, else as Windows-1252.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var encoding = string.IsNullOrEmpty(charset) ? null : Find(charset);
        if (encoding is null || encoding.CodePage == Encoding.ASCII.CodePage)
        {
            // Much mail calls itself us-ascii and is not.
            encoding = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.GetEncoding(1252);
        }

        return encoding.GetString(bytes);
    }

    private static Encoding? Find(string charset)
    {
        var name = charset.Trim();
        if (name.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8;
        }

        // Windows-1252 is what senders mean by ISO 8859-1: it adds printable characters where the other has control characters.
        if (name.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase) || name.Equals("latin1", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.GetEncoding(1252);
        }

        // UTF-7 hides ASCII from every check on the way.
        if (name.Equals("utf-7", StringComparison.OrdinalIgnoreCase) || name.Length is 0 or > 40)
        {
            return null;
        }

        try
        {
            return Encoding.GetEncoding(name.StartsWith("cp125", StringComparison.OrdinalIgnoreCase) ? "windows-" + name[2..] : name);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
