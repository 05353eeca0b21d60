using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;

namespace Postbell.Sip.Authentication;

/// <summary>What a nonce is that a peer shows.</summary>
internal enum NonceState
{
    /// <summary>Not of ours, or of a former life, or given to another peer or for another algorithm.</summary>
    Unknown,

    /// <summary>Ours, but too old.</summary>
    Expired,

    /// <summary>Ours.</summary>
    Good,
}

/// <summary>
/// Makes nonces and knows them again without keeping them: time, a random number, and a keyed hash over both, the peer's address and the algorithm. A
/// nonce that somebody else overheard, or that was given for another algorithm, is none. A restart makes all of them stale.
/// </summary>
internal sealed class DigestNonces(TimeSpan lifetime, TimeProvider time)
{
    private const int PlainLength = 16;
    private const int ProofLength = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A fresh nonce.</summary>
    public string Create(IPAddress peer, DigestAlgorithm algorithm)
    {
        Span<byte> bytes = stackalloc byte[PlainLength + ProofLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().UtcTicks);
        RandomNumberGenerator.Fill(bytes[8..PlainLength]);
        Prove(bytes[..PlainLength], peer, algorithm, bytes[PlainLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Looks at a nonce that a peer shows.</summary>
    /// <param name="nonce">What the peer shows.</param>
    /// <param name="peer">Its address.</param>
    /// <param name="algorithm">Algorithm it used.</param>
    /// <param name="madeAt">When it was made, in ticks; of no meaning for an unknown one.</param>
    public NonceState Find(string nonce, IPAddress peer, DigestAlgorithm algorithm, out long madeAt)
    {
        madeAt = 0;
        Span<byte> bytes = stackalloc byte[PlainLength + ProofLength];
        Span<byte> proof = stackalloc byte[ProofLength];
        // The length first: the decoder throws on characters that are none of its own, and pads nothing.
        if (nonce.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(nonce) || !Base64Url.TryDecodeFromChars(nonce, bytes, out var written)
            || written != bytes.Length)
        {
            return NonceState.Unknown;
        }

        Prove(bytes[..PlainLength], peer, algorithm, proof);
        madeAt = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var age = time.GetUtcNow().UtcTicks - madeAt;
        return !CryptographicOperations.FixedTimeEquals(proof, bytes[PlainLength..]) ? NonceState.Unknown
            : age >= 0 && age <= lifetime.Ticks ? NonceState.Good
            : NonceState.Expired;
    }

    private void Prove(ReadOnlySpan<byte> plain, IPAddress peer, DigestAlgorithm algorithm, Span<byte> proof)
    {
        Span<byte> text = stackalloc byte[PlainLength + 17];
        text.Clear();
        plain.CopyTo(text);
        (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).TryWriteBytes(text[PlainLength..], out _);
        text[^1] = (byte)algorithm;
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_key, text, hash);
        hash[..proof.Length].CopyTo(proof);
    }
}
