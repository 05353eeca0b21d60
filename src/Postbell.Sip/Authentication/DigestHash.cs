using System.Security.Cryptography;
using System.Text;

namespace Postbell.Sip.Authentication;

/// <summary>The computation of digest authentication (RFC 7616 section 3.4.1), and the names of its algorithms.</summary>
internal static class DigestHash
{
    /// <summary>The name on the wire.</summary>
    public static string NameOf(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha256 ? "SHA-256" : "MD5";

    /// <summary>The algorithm of a name; absent is MD5; null is one that we do not have.</summary>
    public static DigestAlgorithm? AlgorithmOf(string? name) => name?.ToUpperInvariant() switch
    {
        null or "MD5" => DigestAlgorithm.Md5,
        "SHA-256" => DigestAlgorithm.Sha256,
        _ => null,
    };

    /// <summary>The response to a challenge, in lower-case hexadecimal digits.</summary>
    /// <param name="algorithm">Hash.</param>
    /// <param name="user">User name.</param>
    /// <param name="realm">Realm.</param>
    /// <param name="password">Password.</param>
    /// <param name="nonce">The server's nonce.</param>
    /// <param name="count">The nonce count as eight hexadecimal digits, with the client's nonce; null leaves quality of protection out (RFC 2069).</param>
    /// <param name="method">Method.</param>
    /// <param name="uri">The URI as the answer names it.</param>
    public static string Respond(
        DigestAlgorithm algorithm, string user, string realm, string password, string nonce, (string Number, string ClientNonce)? count, string method, string uri)
    {
        var secret = Hash(algorithm, $"{user}:{realm}:{password}");
        var request = Hash(algorithm, $"{method}:{uri}");
        return count is { } counted
            ? Hash(algorithm, $"{secret}:{nonce}:{counted.Number}:{counted.ClientNonce}:auth:{request}")
            : Hash(algorithm, $"{secret}:{nonce}:{request}");
    }

    private static string Hash(DigestAlgorithm algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        // MD5 is what the standard and most telephone systems have; who wants better leaves it out of the configuration.
        return Convert.ToHexStringLower(algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(bytes) : MD5.HashData(bytes));
    }
}
