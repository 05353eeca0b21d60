using System.Security.Cryptography;
using System.Text;

namespace Postbell.Mailbox.Accounts;

/// <summary>
/// A password or PIN as it is kept: PBKDF2 with SHA-256 (RFC 8018), its own salt and number of rounds. Of a password only the two keys are kept that SCRAM
/// derives from the result (RFC 5802 section 3), since with the result itself one could sign in.
/// </summary>
internal readonly record struct SecretHash(int Iterations, byte[] Salt, byte[] Hash)
{
    public const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>StoredKey and ServerKey, 32 bytes each.</summary>
    private bool IsKeys => Hash.Length == 2 * HashBytes;

    public static SecretHash Create(string secret, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new SecretHash(iterations, salt, Derive(secret, salt, iterations));
    }

    public static SecretHash CreatePassword(string password, int iterations) => Create(PreparedPassword.Of(password), iterations).ToKeys();

    /// <summary>What is compared against when there is no such secret: never matches, costs the same.</summary>
    public static SecretHash Nobody(int iterations) => new(iterations, new byte[SaltBytes], new byte[2 * HashBytes]);

    /// <summary>The keys of a password that is kept as the derived bytes themselves, as earlier versions did.</summary>
    public SecretHash ToKeys() => IsKeys ? this : this with { Hash = Keys(Hash) };

    /// <summary>StoredKey of a password.</summary>
    public byte[] StoredKey => Hash[..HashBytes];

    /// <summary>ServerKey of a password.</summary>
    public byte[] ServerKey => Hash[HashBytes..];

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string secret)
    {
        if (!IsKeys)
        {
            return CryptographicOperations.FixedTimeEquals(Derive(secret, Salt, Iterations), Hash);
        }

        var prepared = PreparedPassword.Of(secret);
        // One that an earlier version kept was not prepared.
        return MatchesKeys(prepared) || (!ReferenceEquals(prepared, secret) && prepared != secret && MatchesKeys(secret));
    }

    private bool MatchesKeys(string password) => CryptographicOperations.FixedTimeEquals(Keys(Derive(password, Salt, Iterations)), Hash);

    private static byte[] Keys(byte[] salted)
    {
        var keys = new byte[2 * HashBytes];
        SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8), keys);
        HMACSHA256.HashData(salted, "Server Key"u8, keys.AsSpan(HashBytes));
        return keys;
    }

    private static byte[] Derive(string secret, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
