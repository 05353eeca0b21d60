namespace Postbell.Sip.Authentication;

/// <summary>A name and a password for digest authentication (RFC 8760). It is a class with no text form of its own, so that no log can show the password.</summary>
public sealed class SipCredentials
{
    /// <summary>The user name; compared as it is.</summary>
    public required string User { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <summary>The realm whose challenges may be answered with it, compared as it is; null answers none.</summary>
    public string? Realm { get; init; }

    /// <summary>Algorithms that are good enough, in both directions.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>The user name alone.</summary>
    public override string ToString() => User;
}
