using Postbell.Core;

namespace Postbell.Directory;

/// <summary>
/// A number or address as it came on the wire or from a configuration, in the forms in which it can be compared: scheme, parameters, port and
/// visual separators are gone, and letters are lower case.
/// </summary>
/// <param name="Number">The digits (perhaps with a leading plus) of the user part; null when it is not a number.</param>
/// <param name="User">The user part; the whole text when there is no host.</param>
/// <param name="Address"><c>user@domain</c>; null without a host.</param>
public readonly record struct DialedAddress(string? Number, string User, string? Address)
{
    /// <summary>Longest text that is looked at; anything longer is nobody's number.</summary>
    public const int MaxLength = 256;

    /// <summary>Takes apart <c>tel:5001</c>, <c>5001@address:5060</c>, <c>sip:tony@example.com;user=phone</c>, <c>+1 425 555-0123</c> or a plain name.</summary>
    public static DialedAddress Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            return new DialedAddress(null, "", null);
        }

        var rest = WithoutScheme(text.AsSpan().Trim());
        var at = rest.LastIndexOf('@');
        var user = WithoutParameters(at < 0 ? rest : rest[..at]).ToString().ToLowerInvariant();
        var number = PhoneNumber.TryNormalise(user, out var digits) ? digits : null;
        if (at < 0)
        {
            return new DialedAddress(number, user, null);
        }

        var host = WithoutPort(WithoutParameters(rest[(at + 1)..])).ToString().ToLowerInvariant();
        return new DialedAddress(number, user, host.Length == 0 ? null : user + "@" + host);
    }

    /// <summary>True when this pilot, as configured, is the one that was dialled: numbers wherever they are, addresses with their domain, other names by the user part.</summary>
    public bool Names(DialedAddress dialed)
    {
        if (Number is not null)
        {
            return string.Equals(Number, dialed.Number, StringComparison.Ordinal);
        }

        return Address is not null
            ? string.Equals(Address, dialed.Address, StringComparison.Ordinal)
            : string.Equals(User, dialed.User, StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> text)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["sips:", "sip:", "tel:"])
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return text[scheme.Length..];
            }
        }

        return text;
    }

    private static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(';', '?');
        return end < 0 ? text : text[..end];
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        // The colons of an IPv6 address stand in brackets.
        var colon = host.LastIndexOf(':');
        return colon < 0 || colon < host.LastIndexOf(']') ? host : host[..colon];
    }
}
