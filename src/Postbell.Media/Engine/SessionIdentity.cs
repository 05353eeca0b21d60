using System.Security.Cryptography;

namespace Postbell.Media.Engine;

/// <summary>The random numbers a session starts from (RFC 3550, 5.1): not to be guessed by who is not on the path.</summary>
internal sealed record SessionIdentity(uint Ssrc, ushort Sequence, uint Timestamp, string CanonicalName)
{
    public static SessionIdentity Random() => new(
        (uint)RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue),
        (ushort)RandomNumberGenerator.GetInt32(0x8000), // in the lower half, so that losses at the beginning cannot hide a wrap (RFC 3711, 3.3.1)
        (uint)RandomNumberGenerator.GetInt32(int.MinValue, int.MaxValue),
        RandomNumberGenerator.GetHexString(16, lowercase: true));
}
