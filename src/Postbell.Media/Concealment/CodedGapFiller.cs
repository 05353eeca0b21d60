using Postbell.Media.Codecs;

namespace Postbell.Media.Concealment;

/// <summary>
/// Conceals gaps in a stream of G.711 codes. While nothing is lost it only remembers the last codes as they came, so that a recording without loss costs
/// next to nothing; it decodes them when a gap comes.
/// </summary>
internal sealed class CodedGapFiller
{
    /// <summary>Longest part of a gap that is more than silence: 60 ms.</summary>
    public const int LongestFill = 480;

    private static readonly int s_history = WaveformConcealer.HistoryLength(G711.SampleRate);

    private readonly byte[] _recent = new byte[s_history];
    private G711Law _law;
    private int _known;
    private int _at;
    private Workshop? _workshop;

    /// <summary>Remembers what was received.</summary>
    public void Keep(ReadOnlySpan<byte> codes, G711Law law)
    {
        if (law != _law)
        {
            _law = law;
            _known = 0;
        }

        if (codes.Length > _recent.Length)
        {
            codes = codes[^_recent.Length..];
        }

        var first = Math.Min(codes.Length, _recent.Length - _at);
        codes[..first].CopyTo(_recent.AsSpan(_at));
        codes[first..].CopyTo(_recent);
        _at = first < codes.Length ? codes.Length - first : (_at + first) % _recent.Length;
        _known = Math.Min(_known + codes.Length, _recent.Length);
    }

    /// <summary>The codes of a gap, at most <see cref="LongestFill"/>, valid until the next gap; empty when nothing is known to make them from.</summary>
    /// <param name="length">Length of the gap in samples.</param>
    /// <param name="following">What was received behind the gap.</param>
    /// <param name="law">The law of <paramref name="following"/> and of the fill.</param>
    public ReadOnlySpan<byte> Fill(int length, ReadOnlySpan<byte> following, G711Law law)
    {
        if (_known < _recent.Length || law != _law)
        {
            return [];
        }

        _workshop ??= new Workshop();
        return _workshop.Fill(_recent.AsSpan(_at), _recent.AsSpan(0, _at), Math.Min(length, LongestFill), length <= LongestFill ? following : [], law);
    }

    /// <summary>What only a call with loss needs.</summary>
    private sealed class Workshop
    {
        private readonly WaveformConcealer _concealer = new(G711.SampleRate);
        private readonly short[] _heard = new short[s_history];
        private readonly short[] _fill = new short[LongestFill];
        private readonly byte[] _codes = new byte[LongestFill];

        public ReadOnlySpan<byte> Fill(ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, int length, ReadOnlySpan<byte> following, G711Law law)
        {
            G711.Decode(older, _heard, law);
            G711.Decode(newer, _heard.AsSpan(older.Length), law);
            _concealer.Keep(_heard);
            following = following[..Math.Min(following.Length, _heard.Length)];
            G711.Decode(following, _heard, law);
            _concealer.Conceal(_fill.AsSpan(0, length), _heard.AsSpan(0, following.Length));
            G711.Encode(_fill.AsSpan(0, length), _codes, law);
            return _codes.AsSpan(0, length);
        }
    }
}
