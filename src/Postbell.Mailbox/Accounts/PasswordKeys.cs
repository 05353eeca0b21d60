namespace Postbell.Mailbox;

/// <summary>What the store keeps instead of a password: enough to check who knows it (RFC 5802 section 3), not enough to sign in with it.</summary>
/// <param name="Account">The person; null when nobody has the name, or he has no password. Then no proof fits the keys, which are the same each time.</param>
/// <param name="Salt">Salt.</param>
/// <param name="Iterations">Rounds of PBKDF2 with HMAC-SHA-256.</param>
/// <param name="StoredKey">SHA-256 of the client key.</param>
/// <param name="ServerKey">Proves to the client that the server knows it.</param>
public sealed record PasswordKeys(Account? Account, byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey);
