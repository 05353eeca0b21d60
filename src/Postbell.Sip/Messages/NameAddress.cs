using System.Diagnostics.CodeAnalysis;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>A URI with display name and header parameters, as in From, To, Contact, Route, Diversion and History-Info (name-addr or addr-spec).</summary>
/// <param name="DisplayName">Display name without quotes and escapes, null when there is none. Chosen by a stranger: clean it before showing it.</param>
/// <param name="Uri">The URI.</param>
/// <param name="Parameters">Parameters of the header value (after the closing bracket), for instance <c>tag</c> or <c>reason</c>.</param>
public sealed record NameAddress(string? DisplayName, SipUri Uri, SipParameters Parameters)
{
    /// <summary>An address with the URI alone.</summary>
    public NameAddress(SipUri uri)
        : this(null, uri, SipParameters.Empty)
    {
    }

    /// <summary>The tag parameter (RFC 3261 section 19.3), or null.</summary>
    public string? Tag => Parameters["tag"];

    /// <summary>Reads one value. A URI outside angle brackets may hold neither comma nor question mark, and its semicolon parameters belong to the header.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        text = text.Trim(" \t");
        if (!TryReadDisplayName(ref text, out var displayName))
        {
            return false;
        }

        if (!text.StartsWith("<"))
        {
            return displayName is null && TryParseBare(text, out address);
        }

        var close = text.IndexOf('>');
        if (close < 0 || !SipUri.TryParse(text[1..close].Trim(" \t"), out var uri) || !SipParameters.TryParse(text[(close + 1)..], out var parameters))
        {
            return false;
        }

        address = new NameAddress(displayName, uri, parameters);
        return true;
    }

    /// <summary>The wire form: quoted display name, URI in angle brackets, parameters.</summary>
    public override string ToString() =>
        DisplayName is null ? $"<{Uri}>{Parameters}" : $"{SipSyntax.Quote(DisplayName)} <{Uri}>{Parameters}";

    private static bool TryReadDisplayName(ref ReadOnlySpan<char> text, out string? displayName)
    {
        displayName = null;
        if (text.StartsWith("\""))
        {
            var close = SipSyntax.EndOfQuoted(text);
            if (close < 0)
            {
                return false;
            }

            displayName = SipSyntax.Unquote(text[1..close]);
            text = text[(close + 1)..].TrimStart(" \t");
            return text.StartsWith("<");
        }

        var open = text.IndexOf('<');
        if (open > 0)
        {
            var name = text[..open].TrimEnd(" \t");
            displayName = name.ToString();
            text = text[open..];
            // Real phones send dots, brackets and accents unquoted; a comma, quote or semicolon would make another value of it.
            return !name.ContainsAny(",;\">") && !name.ContainsAnyInRange('\0', '\x08');
        }

        return true;
    }

    private static bool TryParseBare(ReadOnlySpan<char> text, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        // A user part may hold semicolons itself (RFC 4475 section 3.1.1.9), so parameters are looked for behind the at sign.
        var at = text.IndexOf('@');
        var semicolon = text[(at + 1)..].IndexOf(';');
        var end = semicolon < 0 ? text.Length : at + 1 + semicolon;
        var spec = text[..end].TrimEnd(" \t");
        if (spec.ContainsAny(",?") || !SipUri.TryParse(spec, out var uri) || !SipParameters.TryParse(text[end..], out var parameters))
        {
            return false;
        }

        address = new NameAddress(null, uri, parameters);
        return true;
    }
}
