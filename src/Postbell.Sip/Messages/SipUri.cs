using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>A sip, sips or tel URI (RFC 3261 section 19.1, RFC 3966). URIs of other schemes are kept as text: scheme and <see cref="ToString"/> only.</summary>
public sealed class SipUri
{
    private static readonly System.Buffers.SearchValues<char> UserCharacters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,;?/#%[]{}|^`:");

    private readonly string _text;

    private SipUri(string scheme, string? user, string host, int? port, SipParameters parameters, IReadOnlyList<SipParameter> headers, string text)
    {
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        Parameters = parameters;
        Headers = headers;
        _text = text;
    }

    /// <summary>Lower-case scheme: <c>sip</c>, <c>sips</c>, <c>tel</c>, or another one that was well-formed.</summary>
    public string Scheme { get; }

    /// <summary>True for sip and sips.</summary>
    public bool IsSip => Scheme is "sip" or "sips";

    /// <summary>User part, or number of a tel URI, percent escapes resolved and without password; null when there is none.</summary>
    public string? User { get; }

    /// <summary>Host name, IPv4 address, or IPv6 address without brackets; empty for tel and other schemes.</summary>
    public string Host { get; }

    /// <summary>Port, or null when not given.</summary>
    public int? Port { get; }

    /// <summary>URI parameters, values unescaped.</summary>
    public SipParameters Parameters { get; }

    /// <summary>Headers after the question mark, names and values unescaped.</summary>
    public IReadOnlyList<SipParameter> Headers { get; }

    /// <summary>Makes a sip URI.</summary>
    /// <param name="user">User part, not escaped; null for none.</param>
    /// <param name="host">Host name or IP address; IPv6 with or without brackets.</param>
    /// <param name="port">Port, or null.</param>
    /// <param name="parameters">URI parameters, or null.</param>
    public static SipUri Create(string? user, string host, int? port = null, SipParameters? parameters = null)
    {
        var bare = host.StartsWith('[') ? host.Trim('[', ']') : host;
        parameters ??= SipParameters.Empty;
        var text = new StringBuilder("sip:");
        if (user is not null)
        {
            text.Append(EscapeUser(user)).Append('@');
        }

        text.Append(FormatHost(bare));
        if (port is { } number)
        {
            text.Append(':').Append(number);
        }

        return new SipUri("sip", user, bare, port, parameters, [], text.Append(parameters).ToString());
    }

    /// <summary>Makes a sip URI for an address.</summary>
    public static SipUri Create(string? user, IPEndPoint endPoint, SipParameters? parameters = null) =>
        Create(user, endPoint.Address.ToString(), endPoint.Port, parameters);

    /// <summary>Reads a URI that stands alone (no angle brackets, no surrounding blanks).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        var colon = text.IndexOf(':');
        if (colon <= 0 || colon == text.Length - 1 || !IsScheme(text[..colon]) || text.ContainsAny(" \t<>\"") || !IsPrintable(text))
        {
            return false;
        }

        var scheme = SchemeOf(text[..colon]);
        var rest = text[(colon + 1)..];
        return scheme switch
        {
            "sip" or "sips" => TryParseSip(scheme, rest, text, out uri),
            "tel" => TryParseTel(rest, text, out uri),
            _ => Keep(scheme, text, out uri),
        };
    }

    /// <summary>The host as an address, when it is one; names are never looked up here.</summary>
    public bool TryGetAddress([NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return Host.Length > 0 && (char.IsAsciiDigit(Host[0]) || Host.Contains(':')) && !Host.Contains('%') && IPAddress.TryParse(Host, out address);
    }

    /// <summary>A copy with these parameters and no headers.</summary>
    public SipUri WithParameters(SipParameters parameters)
    {
        var bare = _text.AsSpan();
        var at = bare.IndexOf('@');
        var end = bare[(at + 1)..].IndexOfAny(';', '?');
        bare = end < 0 ? bare : bare[..(at + 1 + end)];
        return new SipUri(Scheme, User, Host, Port, parameters, [], string.Concat(bare, parameters.ToString()));
    }

    /// <summary>The URI as it came or as it was made.</summary>
    public override string ToString() => _text;

    internal static string FormatHost(string host) => host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;

    /// <summary>Splits <c>host[:port]</c>; used by Via as well. <paramref name="host"/> comes back without brackets.</summary>
    internal static bool TryParseHostPort(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? host, out int? port)
    {
        host = null;
        port = null;
        ReadOnlySpan<char> portText;
        if (text.StartsWith("["))
        {
            var close = text.IndexOf(']');
            if (close < 0 || !IPAddress.TryParse(text[1..close], out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }

            host = text[1..close].ToString();
            portText = text[(close + 1)..].Trim(" \t");
            if (!portText.IsEmpty && portText[0] != ':')
            {
                return false;
            }
        }
        else
        {
            var colon = text.IndexOf(':');
            var name = (colon < 0 ? text : text[..colon]).TrimEnd(" \t");
            if (!SipSyntax.IsHostName(name))
            {
                return false;
            }

            host = name.ToString();
            portText = colon < 0 ? [] : text[colon..];
        }

        if (portText.IsEmpty)
        {
            return true;
        }

        if (!SipSyntax.TryNumber(portText[1..].TrimStart(" \t"), 65535, out var number) || number == 0)
        {
            return false;
        }

        port = (int)number;
        return true;
    }

    private static bool TryParseSip(string scheme, ReadOnlySpan<char> rest, ReadOnlySpan<char> whole, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        string? user = null;
        var at = rest.IndexOf('@');
        if (at >= 0)
        {
            var userInfo = rest[..at];
            rest = rest[(at + 1)..];
            var password = userInfo.IndexOf(':');
            var userText = password < 0 ? userInfo : userInfo[..password];
            if (userText.IsEmpty || userInfo.ContainsAnyExcept(UserCharacters) || rest.Contains('@') || !SipSyntax.TryUnescape(userText, out user))
            {
                return false;
            }
        }

        if (!TrySplitHeaders(rest, out rest, out var headers))
        {
            return false;
        }

        var semicolon = rest.IndexOf(';');
        var hostPort = semicolon < 0 ? rest : rest[..semicolon];
        if (!TryParseHostPort(hostPort, out var host, out var port) || !TryParseUriParameters(semicolon < 0 ? [] : rest[semicolon..], out var parameters))
        {
            return false;
        }

        uri = new SipUri(scheme, user, host, port, parameters, headers, whole.ToString());
        return true;
    }

    private static bool TryParseTel(ReadOnlySpan<char> rest, ReadOnlySpan<char> whole, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        var semicolon = rest.IndexOf(';');
        var number = semicolon < 0 ? rest : rest[..semicolon];
        if (number.IsEmpty || number.ContainsAnyExcept(UserCharacters) || !SipSyntax.TryUnescape(number, out var user)
            || !TryParseUriParameters(semicolon < 0 ? [] : rest[semicolon..], out var parameters))
        {
            return false;
        }

        uri = new SipUri("tel", user, "", null, parameters, [], whole.ToString());
        return true;
    }

    private static bool Keep(string scheme, ReadOnlySpan<char> whole, out SipUri uri)
    {
        uri = new SipUri(scheme, null, "", null, SipParameters.Empty, [], whole.ToString());
        return true;
    }

    private static bool TryParseUriParameters(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipParameters? parameters)
    {
        parameters = SipParameters.Empty;
        if (text.IsEmpty)
        {
            return true;
        }

        var items = new List<SipParameter>(4);
        while (!text.IsEmpty)
        {
            text = text[1..];
            var end = text.IndexOf(';');
            var one = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[end..];
            if (!TryReadPair(one, out var item))
            {
                parameters = null;
                return false;
            }

            items.Add(item);
        }

        parameters = new SipParameters(items);
        return true;
    }

    private static bool TrySplitHeaders(ReadOnlySpan<char> text, out ReadOnlySpan<char> before, out IReadOnlyList<SipParameter> headers)
    {
        headers = [];
        var question = text.IndexOf('?');
        before = question < 0 ? text : text[..question];
        if (question < 0)
        {
            return true;
        }

        var items = new List<SipParameter>(2);
        var rest = text[(question + 1)..];
        do
        {
            var end = rest.IndexOf('&');
            if (!TryReadPair(end < 0 ? rest : rest[..end], out var item))
            {
                return false;
            }

            items.Add(item);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }
        while (!rest.IsEmpty);
        headers = items;
        return true;
    }

    private static bool TryReadPair(ReadOnlySpan<char> text, out SipParameter pair)
    {
        var equals = text.IndexOf('=');
        var name = equals < 0 ? text : text[..equals];
        string? value = null;
        pair = default;
        if (name.IsEmpty || !SipSyntax.TryUnescape(name, out var plainName) || (equals >= 0 && !SipSyntax.TryUnescape(text[(equals + 1)..], out value)))
        {
            return false;
        }

        pair = new SipParameter(plainName, value);
        return true;
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static string SchemeOf(ReadOnlySpan<char> text) =>
        text.Equals("sip", StringComparison.OrdinalIgnoreCase) ? "sip"
        : text.Equals("sips", StringComparison.OrdinalIgnoreCase) ? "sips"
        : text.Equals("tel", StringComparison.OrdinalIgnoreCase) ? "tel"
        : text.ToString().ToLowerInvariant();

    private static bool IsPrintable(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~');

    private static string EscapeUser(string user)
    {
        var text = new StringBuilder(user.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(user))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || "-_.!~*'()&=+$,;?/".Contains((char)octet))
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
