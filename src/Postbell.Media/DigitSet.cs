namespace Postbell.Media;

/// <summary>A set of the 16 telephone keys: 0 to 9, *, #, A to D.</summary>
public readonly record struct DigitSet
{
    private const string Keys = "0123456789*#ABCD";

    private readonly ushort _bits;

    private DigitSet(ushort bits) => _bits = bits;

    /// <summary>No key.</summary>
    public static DigitSet None => default;

    /// <summary>Every key.</summary>
    public static DigitSet Any => new(0xFFFF);

    /// <summary>True when no key belongs to the set.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>The set of the given keys.</summary>
    /// <exception cref="ArgumentException">A character is no telephone key.</exception>
    public static DigitSet Of(ReadOnlySpan<char> keys)
    {
        ushort bits = 0;
        foreach (var key in keys)
        {
            var index = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
            bits |= index >= 0 ? (ushort)(1 << index) : throw new ArgumentException($"'{key}' is no telephone key.", nameof(keys));
        }

        return new DigitSet(bits);
    }

    /// <summary>True when <paramref name="key"/> is one of the set.</summary>
    public bool Contains(char key)
    {
        var index = Keys.IndexOf(key, StringComparison.Ordinal);
        return index >= 0 && (_bits & (1 << index)) != 0;
    }

    /// <summary>The keys of both sets.</summary>
    public static DigitSet operator |(DigitSet left, DigitSet right) => new((ushort)(left._bits | right._bits));

    /// <inheritdoc />
    public override string ToString()
    {
        var bits = _bits;
        return string.Concat(Keys.Where((_, i) => (bits & (1 << i)) != 0));
    }
}
