namespace Postbell.Directory;

/// <summary>Name and password shared with a gateway (digest authentication, RFC 8760). A class without a text form, so that no log can show the password.</summary>
public sealed class GatewayDigest
{
    /// <summary>The user name, in both directions.</summary>
    public required string User { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <summary>File the password was read from; null when it stands in the configuration itself.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The gateway's realm: its challenges to our requests are answered for this realm and no other; null answers none.</summary>
    public string? Realm { get; init; }

    /// <summary>Its requests must show the credentials.</summary>
    public bool Challenge { get; init; } = true;

    /// <summary>Hashes that are offered, taken and used.</summary>
    public GatewayHash Algorithm { get; init; } = GatewayHash.Both;
}
