namespace Postbell.SignIn.Sasl;

/// <summary>What the client says first in SCRAM (RFC 5802 section 7).</summary>
/// <param name="Binding"><c>n</c>: none, <c>y</c>: it could, but thinks that we cannot, <c>p</c>: it does.</param>
/// <param name="BindingType">Name of the channel binding; empty without one.</param>
/// <param name="ActingFor">Authorization identity; empty when there is none.</param>
/// <param name="UserName">The name.</param>
/// <param name="Nonce">The client's nonce.</param>
/// <param name="Header">The part about channel binding and identity, with its last comma.</param>
/// <param name="Bare">The rest.</param>
internal sealed record ScramFirst(char Binding, string BindingType, string ActingFor, string UserName, string Nonce, string Header, string Bare)
{
    private const int LongestNonce = 256;

    /// <summary>Reads it; null when it is none, or wants an extension we do not know.</summary>
    public static ScramFirst? Parse(string text)
    {
        var parts = text.Split(',', 3);
        if (parts.Length < 3 || parts[2].Split(',') is not [['n', '=', .. var name], ['r', '=', .. var nonce], ..])
        {
            return null;
        }

        var binding = parts[0] switch
        {
            "n" => 'n',
            "y" => 'y',
            ['p', '=', _, ..] => 'p',
            _ => '\0',
        };
        var actingFor = parts[1] switch
        {
            "" => "",
            ['a', '=', .. var other] => Name(other),
            _ => null,
        };
        if (binding == '\0' || actingFor is null || Name(name) is not { } user || !IsNonce(nonce))
        {
            return null;
        }

        var header = $"{parts[0]},{parts[1]},";
        return new ScramFirst(binding, binding == 'p' ? parts[0][2..] : "", actingFor, user, nonce, header, text[header.Length..]);
    }

    public static bool IsNonce(string nonce) => nonce.Length is > 0 and <= LongestNonce && nonce.All(static c => c is >= '!' and <= '~' and not ',');

    /// <summary>=2C is a comma, =3D an equals sign, any other equals sign wrong.</summary>
    private static string? Name(string coded)
    {
        var name = coded.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "\u0001", StringComparison.Ordinal);
        return name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) ? null : name.Replace('\u0001', '=');
    }
}
