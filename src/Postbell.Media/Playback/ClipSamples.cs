using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>
/// Clips one after the other as linear samples, read anywhere, without a copy of them: G.711 is decoded as it is read. Outside of them is silence.
/// </summary>
internal sealed class ClipSamples
{
    private readonly ReadOnlyMemory<byte>[] _codes = [];
    private readonly ReadOnlyMemory<short>[] _linear = [];
    private readonly G711Law _law;
    private readonly long[] _starts;

    /// <summary>Clips in one law, at 8000 Hz.</summary>
    public ClipSamples(ReadOnlyMemory<byte>[] codes, G711Law law)
    {
        (_codes, _law, SampleRate) = (codes, law, G711.SampleRate);
        _starts = Starts(Array.ConvertAll(codes, static c => c.Length));
    }

    /// <summary>Linear clips of one sample rate.</summary>
    public ClipSamples(ReadOnlyMemory<short>[] linear, int sampleRate)
    {
        (_linear, SampleRate) = (linear, sampleRate);
        _starts = Starts(Array.ConvertAll(linear, static c => c.Length));
    }

    public int SampleRate { get; }

    /// <summary>Samples of all clips together.</summary>
    public long Length => _starts[^1];

    /// <summary>Reads from a sample on.</summary>
    public void Read(long position, Span<float> samples)
    {
        if (position < 0)
        {
            var before = (int)Math.Min(-position, samples.Length);
            samples[..before].Clear();
            samples = samples[before..];
            position += before;
        }

        var clip = Find(position);
        for (; !samples.IsEmpty && clip < _starts.Length - 1; clip++)
        {
            var take = (int)Math.Min(_starts[clip + 1] - position, samples.Length);
            Copy(clip, (int)(position - _starts[clip]), samples[..take]);
            samples = samples[take..];
            position += take;
        }

        samples.Clear();
    }

    private static long[] Starts(int[] lengths)
    {
        var starts = new long[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            starts[i + 1] = starts[i] + lengths[i];
        }

        return starts;
    }

    // The last clip that begins at or before the position; clips without audio lie behind their end.
    private int Find(long position)
    {
        var found = Array.BinarySearch(_starts, position);
        return found >= 0 ? found : ~found - 1;
    }

    private void Copy(int clip, int offset, Span<float> samples)
    {
        if (_codes.Length > 0)
        {
            var table = G711.DecodeTable(_law);
            var codes = _codes[clip].Span.Slice(offset, samples.Length);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = table[codes[i]];
            }
        }
        else
        {
            var linear = _linear[clip].Span.Slice(offset, samples.Length);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = linear[i];
            }
        }
    }
}
