namespace Postbell.SignIn.Sasl;

/// <summary>What a client with a token says.</summary>
/// <param name="UserName">The name beside the token; empty when there is none.</param>
/// <param name="Token">The token.</param>
internal sealed record BearerMessage(string UserName, string Token)
{
    private const char Separator = '\u0001';
    private const string Scheme = "Bearer ";

    /// <summary>RFC 7628 section 3.1: <c>n,a=NAME,</c> and fields with a byte 1 before each; null when it is none.</summary>
    public static BearerMessage? Parse(string text)
    {
        var fields = text.Split(Separator);
        if (fields.Length < 4 || fields[^1].Length != 0 || fields[^2].Length != 0 || fields[0].Split(',') is not [var binding, var name, ""] || binding is not ("n" or "y"))
        {
            return null;
        }

        var user = name switch
        {
            "" => "",
            ['a', '=', .. var given] => given.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal),
            _ => null,
        };
        return user is null ? null : With(user, fields.AsSpan(1, fields.Length - 3));
    }

    /// <summary><c>user=NAME</c> 1 <c>auth=Bearer TOKEN</c> 1 1; null when it is none.</summary>
    public static BearerMessage? ParseOld(string text) =>
        text.Split(Separator) is [['u', 's', 'e', 'r', '=', .. var user], var auth, "", ""] ? With(user, [auth]) : null;

    private static BearerMessage? With(string user, ReadOnlySpan<string> fields)
    {
        BearerMessage? found = null;
        foreach (var field in fields)
        {
            if (!field.StartsWith("auth=", StringComparison.Ordinal))
            {
                continue;
            }

            // Said twice, it could be read in two ways.
            if (found is not null || !field.AsSpan(5).StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || field.Length == 5 + Scheme.Length)
            {
                return null;
            }

            found = new BearerMessage(user, field[(5 + Scheme.Length)..].Trim());
        }

        return found;
    }
}
