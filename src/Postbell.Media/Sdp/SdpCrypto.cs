using System.Buffers.Text;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>A usable <c>a=crypto</c> line (RFC 4568, 9.1): one key for the whole call.</summary>
/// <param name="Tag">Its number in the description, at most nine digits.</param>
/// <param name="Key">The key with its suite.</param>
internal sealed record SdpCrypto(int Tag, SrtpKey Key)
{
    private const int MaxTag = 999_999_999;

    // The longest call at 10 ms a packet sends fewer packets: with a shorter life a key would have to be changed within the call.
    private const long LeastLifetime = 1 << 20;
    private const int LongestLifetimeExponent = 48;

    /// <summary>Reads what stands behind <c>a=crypto:</c>. Lines with several keys or parameters that change the protocol are not usable.</summary>
    public static bool TryParse(ReadOnlySpan<byte> argument, out SdpCrypto crypto)
    {
        crypto = null!;
        var rest = argument.Trim((byte)' ');
        var tagText = TakeWord(ref rest);
        if (!TryNumber(tagText, MaxTag, out var tag) || SrtpSuiteFacts.Of(TakeWord(ref rest)) is not { } suite)
        {
            return false;
        }

        if (ReadKey(suite, TakeWord(ref rest)) is not { } key || !AreHarmless(rest))
        {
            return false;
        }

        crypto = new SdpCrypto((int)tag, key);
        return true;
    }

    /// <summary>Reads <c>inline:KEY</c>, which a lifetime, an index (<c>NUMBER:BYTES</c>) or both may follow, parted by bars.</summary>
    private static SrtpKey? ReadKey(SrtpSuite suite, ReadOnlySpan<byte> parameters)
    {
        if (!parameters.StartsWith("inline:"u8) || parameters[^1] == (byte)'|')
        {
            return null;
        }

        var rest = parameters["inline:"u8.Length..];
        var key = TakeUntil(ref rest, (byte)'|');
        byte[]? index = null;
        if (!rest.IsEmpty)
        {
            var lifetime = rest;
            var second = TakeUntil(ref lifetime, (byte)'|');
            var hasLifetime = !second.Contains((byte)':');
            var last = hasLifetime ? lifetime : second;
            if ((hasLifetime && !IsLongEnough(second)) || (!hasLifetime && !lifetime.IsEmpty) || (!last.IsEmpty && !TryIndex(last, out index)))
            {
                return null;
            }
        }

        return SrtpKey.FromBase64(suite, key, index);
    }

    /// <summary>An index: its value, and how many bytes of each packet it takes (RFC 4568, 6.1).</summary>
    private static bool TryIndex(ReadOnlySpan<byte> text, out byte[]? index)
    {
        index = null;
        var value = TakeUntil(ref text, (byte)':');
        if (!TryNumber(text, SrtpKey.MaxIndexBytes, out var length) || length == 0 || !TryNumber(value, long.MaxValue, out var number)
            || (length < sizeof(long) && number >> (int)(length * 8) != 0))
        {
            return false;
        }

        index = new byte[length];
        for (var at = index.Length - 1; at >= 0 && number != 0; at--, number >>= 8)
        {
            index[at] = (byte)number;
        }

        return true;
    }

    private static ReadOnlySpan<byte> TakeUntil(ref ReadOnlySpan<byte> rest, byte end)
    {
        var at = rest.IndexOf(end);
        var part = at < 0 ? rest : rest[..at];
        rest = at < 0 ? [] : rest[(at + 1)..];
        return part;
    }

    private static bool IsLongEnough(ReadOnlySpan<byte> lifetime)
    {
        if (lifetime.StartsWith("2^"u8))
        {
            return TryNumber(lifetime[2..], LongestLifetimeExponent, out var exponent) && 1L << (int)exponent >= LeastLifetime;
        }

        return TryNumber(lifetime, 1L << LongestLifetimeExponent, out var packets) && packets >= LeastLifetime;
    }

    /// <summary>Of the session parameters only the hint for the replay window may be passed over, and what its sender marks with a minus (RFC 4568, 6.3.7).</summary>
    private static bool AreHarmless(ReadOnlySpan<byte> parameters)
    {
        while (!parameters.IsEmpty)
        {
            var parameter = TakeWord(ref parameters);
            if (!parameter.IsEmpty && parameter[0] != (byte)'-' && !parameter.StartsWith("WSH="u8))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)' ');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..].TrimStart((byte)' ');
        return word;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, long max, out long number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && text.Length > 0 && text[0] is >= (byte)'0' and <= (byte)'9' && number <= max;
}
