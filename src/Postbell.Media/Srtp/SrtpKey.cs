using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Postbell.Media.Srtp;

/// <summary>Master key and salt of one direction of a call. Never written to a log: only a session description takes its bytes.</summary>
public sealed class SrtpKey : IEquatable<SrtpKey>
{
    /// <summary>Longest index of a key in bytes. The standard allows 128; what is sent is one to four.</summary>
    internal const int MaxIndexBytes = 16;

    private readonly byte[] _bytes;
    private readonly byte[] _index;

    private SrtpKey(SrtpSuite suite, byte[] bytes, byte[]? index = null)
    {
        Suite = suite;
        _bytes = bytes;
        _index = index ?? [];
    }

    /// <summary>The suite it is for.</summary>
    public SrtpSuite Suite { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The index that every packet under this key carries (MKI, RFC 3711, 3.1); empty for none. Ours have none.</summary>
    internal ReadOnlySpan<byte> Index => _index;

    /// <summary>A new random key.</summary>
    public static SrtpKey Random(SrtpSuite suite) => new(suite, RandomNumberGenerator.GetBytes(suite.KeyAndSaltBytes()));

    /// <summary>Same suite, same bytes and same index; takes the same time for every wrong key.</summary>
    public bool Equals(SrtpKey? other) => other is not null && other.Suite == Suite
        && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes) && other.Index.SequenceEqual(_index);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SrtpKey);

    /// <summary>By suite only, so that nothing can be learned about the bytes.</summary>
    public override int GetHashCode() => Suite.GetHashCode();

    /// <summary>Names the suite, not the key.</summary>
    public override string ToString() => $"key of {Suite.Name()}";

    /// <summary>The key of base64 text of exactly the right length with its padding; null for anything else.</summary>
    internal static SrtpKey? FromBase64(SrtpSuite suite, ReadOnlySpan<byte> text, byte[]? index = null)
    {
        var bytes = new byte[suite.KeyAndSaltBytes()];
        return text.Length == Base64.GetMaxEncodedToUtf8Length(bytes.Length)
            && Base64.DecodeFromUtf8(text, bytes, out var used, out var written) == OperationStatus.Done && used == text.Length && written == bytes.Length
            ? new SrtpKey(suite, bytes, index)
            : null;
    }

    /// <summary>A key of known bytes, for test vectors.</summary>
    internal static SrtpKey Of(SrtpSuite suite, ReadOnlySpan<byte> bytes) => new(suite, bytes.ToArray());

    /// <summary>The same key with an index.</summary>
    internal SrtpKey WithIndex(ReadOnlySpan<byte> index) => new(Suite, _bytes, index.ToArray());

    internal string ToBase64() => Convert.ToBase64String(_bytes);
}
