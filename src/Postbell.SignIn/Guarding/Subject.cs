namespace Postbell.SignIn.Guarding;

/// <summary>Whose failures are counted: a source, an account, or an account as seen from a network it is known from.</summary>
/// <param name="Kind">source, account or pair.</param>
/// <param name="Secret">password or pin; empty for a source.</param>
/// <param name="Name">Sign-in name in small letters; empty for a source.</param>
/// <param name="Source">Source or network; empty for an account.</param>
internal readonly record struct Subject(string Kind, string Secret, string Name, string Source)
{
    public const string OfSource = "source";
    public const string OfAccount = "account";
    public const string OfPair = "pair";

    private const int LongestName = 128;

    public static Subject ForSource(string remote) => new(OfSource, "", "", SourceNames.Source(remote));

    public static Subject ForAccount(SignInAttempt attempt) => new(OfAccount, Word(attempt.Secret), Key(attempt.UserName), "");

    public static Subject ForPair(SignInAttempt attempt) => new(OfPair, Word(attempt.Secret), Key(attempt.UserName), SourceNames.Network(attempt.Source));

    /// <summary>As it is stored. Names have no white space, so it can be read again.</summary>
    public string Stored => string.Join(' ', Kind, Secret, Name, Source);

    public static bool TryRead(string stored, out Subject subject)
    {
        var parts = stored.Split(' ', 4);
        subject = parts.Length == 4 ? new Subject(parts[0], parts[1], parts[2], parts[3]) : default;
        return parts.Length == 4 && subject.Kind is OfSource or OfAccount or OfPair;
    }

    /// <summary>A name as names are compared. One that no account can have is cut, so that what is remembered stays small.</summary>
    public static string Key(string userName)
    {
        var key = userName.ToLowerInvariant();
        return key.Length <= LongestName ? key : key[..LongestName];
    }

    private static string Word(SignInSecret secret) => secret == SignInSecret.Pin ? "pin" : "password";
}
