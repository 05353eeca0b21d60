using System.Security.Cryptography;
using System.Text;

namespace Postbell.Mailbox.Accounts;

/// <summary>A password or PIN as it is kept: PBKDF2 with SHA-256 (RFC 8018), its own salt and number of rounds.</summary>
internal readonly record struct SecretHash(int Iterations, byte[] Salt, byte[] Hash)
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static SecretHash Create(string secret, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new SecretHash(iterations, salt, Derive(secret, salt, iterations));
    }

    /// <summary>What is compared against when there is no such secret: never matches, costs the same.</summary>
    public static SecretHash Nobody(int iterations) => new(iterations, new byte[SaltBytes], new byte[HashBytes]);

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string secret) => CryptographicOperations.FixedTimeEquals(Derive(secret, Salt, Iterations), Hash);

    private static byte[] Derive(string secret, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
