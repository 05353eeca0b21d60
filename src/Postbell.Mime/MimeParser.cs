namespace Postbell.Mime;

/// <summary>Reads the structure of a message (RFC 5322, RFC 2045 to 2049, RFC 2183, RFC 2231). It never fails: whatever the bytes are, there is a tree.</summary>
public static class MimeParser
{
    /// <summary>Parses a whole message. Bare LF line ends are understood.</summary>
    public static MimeEntity Parse(ReadOnlySpan<byte> message, MimeLimits? limits = null) =>
        new Parsing.StructureParser(message, limits ?? MimeLimits.Default).ParseRoot();
}
