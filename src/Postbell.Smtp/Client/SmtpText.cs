using System.Globalization;
using System.Text;

namespace Postbell.Smtp.Client;

/// <summary>What may stand in a command, and how.</summary>
internal static class SmtpText
{
    // RFC 5321 section 4.5.3.1.3: 256 with the brackets.
    private const int LongestPath = 254;

    // RFC 3461 section 4.4.
    private const int LongestEnvelopeId = 100;

    /// <summary>
    /// True when an address can be put between angle brackets without becoming anything else: no control characters, no brackets, no blanks
    /// outside a quoted local part, and a domain behind the last at sign.
    /// </summary>
    public static bool IsPath(string address)
    {
        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1 || Encoding.UTF8.GetByteCount(address) > LongestPath || address.Any(static c => char.IsControl(c) || c is '<' or '>' || char.IsSurrogate(c)))
        {
            return false;
        }

        var (local, domain) = (address[..at], address[(at + 1)..]);
        var isQuoted = local is ['"', .., '"'] && local.Length > 2;
        return !domain.Any(IsSpecial) && (isQuoted ? IsQuoted(local[1..^1]) : !local.Any(IsSpecial));
    }

    /// <summary>True when the text is ASCII.</summary>
    public static bool IsAscii(string text) => Ascii.IsValid(text);

    /// <summary>xtext of RFC 3461 section 4; characters outside ASCII go as their UTF-8 bytes.</summary>
    public static string ToXText(string text)
    {
        var encoded = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            _ = b is > (byte)' ' and <= (byte)'~' and not ((byte)'+' or (byte)'=') ? encoded.Append((char)b) : encoded.Append(CultureInfo.InvariantCulture, $"+{b:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>ENVID, or null when it is too long to be passed on.</summary>
    public static string? EnvelopeId(string? id) => id is { Length: > 0 } && ToXText(id) is { Length: <= LongestEnvelopeId } encoded ? encoded : null;

    private static bool IsSpecial(char c) => c is ' ' or '"' or '\\' or '(' or ')' or ',' or ';' or '@';

    private static bool IsQuoted(string inner)
    {
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"' || (inner[i] == '\\' && ++i == inner.Length))
            {
                return false;
            }
        }

        return true;
    }
}
