using System.Numerics;

namespace Postbell.Media.Codecs;

/// <summary>ITU-T G.711 companding by tables: linear 16-bit samples to 8-bit mu-law or A-law and back.</summary>
public static class G711
{
    /// <summary>Samples per second of G.711.</summary>
    public const int SampleRate = 8000;

    // Encoding looks at the 14 upper bits: mu-law knows no finer step than 8, A-law none finer than 16.
    private const int EncodeShift = 2;

    private static readonly short[] s_muDecode = BuildDecode(ExpandMu);
    private static readonly short[] s_aDecode = BuildDecode(ExpandA);
    private static readonly byte[] s_muEncode = BuildEncode(CompressMu);
    private static readonly byte[] s_aEncode = BuildEncode(CompressA);
    private static readonly byte[] s_muToA = BuildTranscode(s_muDecode, s_aEncode);
    private static readonly byte[] s_aToMu = BuildTranscode(s_aDecode, s_muEncode);

    /// <summary>The byte that stands for silence: 0xFF in mu-law, 0xD5 in A-law.</summary>
    public static byte SilenceByte(G711Law law) => law == G711Law.A ? (byte)0xD5 : (byte)0xFF;

    /// <summary>The 256 linear values of a law, by code.</summary>
    public static ReadOnlySpan<short> DecodeTable(G711Law law) => law == G711Law.A ? s_aDecode : s_muDecode;

    /// <summary>The linear value of one code.</summary>
    public static short Decode(byte code, G711Law law) => DecodeTable(law)[code];

    /// <summary>The code nearest to a linear sample.</summary>
    public static byte Encode(short sample, G711Law law) => (law == G711Law.A ? s_aEncode : s_muEncode)[(ushort)sample >> EncodeShift];

    /// <summary>Decodes a run of codes.</summary>
    /// <exception cref="ArgumentException"><paramref name="samples"/> is shorter than <paramref name="codes"/>.</exception>
    public static void Decode(ReadOnlySpan<byte> codes, Span<short> samples, G711Law law)
    {
        samples = Fit(samples, codes.Length);
        var table = DecodeTable(law);
        for (var i = 0; i < codes.Length; i++)
        {
            samples[i] = table[codes[i]];
        }
    }

    /// <summary>Encodes a run of samples.</summary>
    /// <exception cref="ArgumentException"><paramref name="codes"/> is shorter than <paramref name="samples"/>.</exception>
    public static void Encode(ReadOnlySpan<short> samples, Span<byte> codes, G711Law law)
    {
        codes = Fit(codes, samples.Length);
        var table = law == G711Law.A ? s_aEncode : s_muEncode;
        for (var i = 0; i < samples.Length; i++)
        {
            codes[i] = table[(ushort)samples[i] >> EncodeShift];
        }
    }

    /// <summary>Rewrites codes of one law in the other; a copy when the laws are the same. Source and target may be the same memory.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than <paramref name="source"/>.</exception>
    public static void Transcode(ReadOnlySpan<byte> source, G711Law from, Span<byte> target, G711Law to)
    {
        target = Fit(target, source.Length);
        if (from == to)
        {
            source.CopyTo(target);
            return;
        }

        var table = from == G711Law.A ? s_aToMu : s_muToA;
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = table[source[i]];
        }
    }

    private static Span<T> Fit<T>(Span<T> target, int length) =>
        target.Length < length ? throw new ArgumentException("The target is shorter than the source.", nameof(target)) : target[..length];

    private static short[] BuildDecode(Func<byte, short> expand)
    {
        var table = new short[256];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = expand((byte)code);
        }

        return table;
    }

    private static byte[] BuildEncode(Func<short, byte> compress)
    {
        var table = new byte[65536 >> EncodeShift];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = compress((short)(i << EncodeShift));
        }

        return table;
    }

    private static byte[] BuildTranscode(short[] decode, byte[] encode)
    {
        var table = new byte[256];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = encode[(ushort)decode[code] >> EncodeShift];
        }

        return table;
    }

    private static short ExpandMu(byte code)
    {
        var u = (byte)~code;
        var magnitude = ((((u & 0x0F) << 3) + 0x84) << ((u & 0x70) >> 4)) - 0x84;
        return (short)((u & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte CompressMu(short sample)
    {
        const int bias = 0x84;
        const int clip = 32635;
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), clip) + bias;
        var exponent = BitOperations.Log2((uint)magnitude) - 7;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    private static short ExpandA(byte code)
    {
        var a = code ^ 0x55;
        var exponent = (a & 0x70) >> 4;
        var magnitude = ((a & 0x0F) << 4) + 8;
        if (exponent > 0)
        {
            magnitude = (magnitude + 0x100) << (exponent - 1);
        }

        return (short)((a & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte CompressA(short sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        var magnitude = sample >= 0 ? sample : -(sample + 1);
        var exponent = Math.Max(BitOperations.Log2((uint)magnitude | 1) - 7, 0);
        var mantissa = (magnitude >> (exponent == 0 ? 4 : exponent + 3)) & 0x0F;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }
}
