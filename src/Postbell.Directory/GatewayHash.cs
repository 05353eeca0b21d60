namespace Postbell.Directory;

/// <summary>Hashes that are offered to a gateway and taken from it (RFC 8760).</summary>
public enum GatewayHash
{
    /// <summary>SHA-256 and MD5, in two challenges: the other side takes the better one that it has.</summary>
    Both,

    /// <summary>SHA-256 alone.</summary>
    Sha256,

    /// <summary>MD5 alone, for telephone systems that stumble over a second challenge.</summary>
    Md5,
}
