using Postbell.Sip.Parsing;

namespace Postbell.Sip.Authentication;

/// <summary>The parameters of a <c>Digest</c> challenge or answer (RFC 7616 section 3.3 and 3.4, RFC 3261 section 25.1).</summary>
internal sealed class DigestParameters
{
    private const string Scheme = "Digest";
    private const int LongestValue = 4096;
    private const int MostParameters = 24;

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private DigestParameters()
    {
    }

    /// <summary>Value of a parameter with quotes resolved; null when it is absent.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads one header value; the parameters are null with a failure.</summary>
    public static DigestParseFailure Parse(ReadOnlySpan<char> text, out DigestParameters? parameters)
    {
        parameters = null;
        text = text.Trim(" \t");
        if (text.Length > LongestValue)
        {
            return DigestParseFailure.TooLong;
        }

        if (text.Length <= Scheme.Length || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text[Scheme.Length] is not (' ' or '\t'))
        {
            return DigestParseFailure.OtherScheme;
        }

        if (text.ContainsAnyInRange('\0', '\x08') || text.ContainsAnyInRange('\x0A', '\x1F') || text.Contains('\x7F'))
        {
            return DigestParseFailure.ControlCharacter;
        }

        var read = new DigestParameters();
        text = text[Scheme.Length..].TrimStart(" \t");
        while (true)
        {
            var failure = read.ReadOne(ref text);
            if (failure != DigestParseFailure.None)
            {
                return failure;
            }

            if (text.IsEmpty)
            {
                parameters = read;
                return DigestParseFailure.None;
            }
        }
    }

    private DigestParseFailure ReadOne(ref ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        if (equals < 0 || !SipSyntax.IsToken(text[..equals].TrimEnd(" \t")))
        {
            return DigestParseFailure.Syntax;
        }

        var name = text[..equals].TrimEnd(" \t").ToString();
        text = text[(equals + 1)..].TrimStart(" \t");
        string value;
        if (text.StartsWith("\""))
        {
            var close = SipSyntax.EndOfQuoted(text);
            if (close < 0)
            {
                return DigestParseFailure.Syntax;
            }

            value = SipSyntax.Unquote(text[1..close]);
            text = text[(close + 1)..].TrimStart(" \t");
        }
        else
        {
            var end = text.IndexOf(',');
            var plain = (end < 0 ? text : text[..end]).TrimEnd(" \t");
            if (plain.IsEmpty || plain.ContainsAny(" \t\"="))
            {
                return DigestParseFailure.Syntax;
            }

            value = plain.ToString();
            text = end < 0 ? [] : text[end..];
        }

        if (!text.IsEmpty && text[0] != ',')
        {
            return DigestParseFailure.Syntax;
        }

        // Empty elements of a list mean nothing (RFC 9110 section 5.6.1).
        text = text.TrimStart(", \t");
        return !_values.TryAdd(name, value) ? DigestParseFailure.Repeated : _values.Count > MostParameters ? DigestParseFailure.TooMany : DigestParseFailure.None;
    }
}
