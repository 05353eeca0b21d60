namespace Postbell.Sip.Authentication;

/// <summary>Hash of digest authentication (RFC 8760), the weaker first.</summary>
public enum DigestAlgorithm
{
    /// <summary>MD5: what all of the older telephone systems speak.</summary>
    Md5,

    /// <summary>SHA-256.</summary>
    Sha256,
}
