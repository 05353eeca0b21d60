using System.Buffers.Text;

namespace Postbell.SignIn.Tokens;

/// <summary>Base64 as tokens have it (RFC 7515 section 2): other characters, no padding.</summary>
internal static class Base64UrlText
{
    /// <summary>The bytes; null when the text is none.</summary>
    public static byte[]? Decode(string text) => Base64Url.IsValid(text) && !text.Contains('=', StringComparison.Ordinal) ? Base64Url.DecodeFromChars(text) : null;
}
