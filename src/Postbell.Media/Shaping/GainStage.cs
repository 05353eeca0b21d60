namespace Postbell.Media.Shaping;

/// <summary>Makes audio louder or softer, with a limiter behind so that nothing clips. Gives as many samples as it takes, in blocks of any size.</summary>
public sealed class GainStage
{
    private const int BlockSamples = 512;

    private readonly PeakLimiter _limiter;
    private readonly float[] _block = new float[BlockSamples];
    private readonly float _gain;
    private int _toDrop;

    /// <summary>A stage of constant gain.</summary>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="gainDb">Gain in decibel.</param>
    public GainStage(int sampleRate, double gainDb)
    {
        _limiter = new PeakLimiter(sampleRate);
        _gain = (float)Math.Pow(10, gainDb / 20);
        _toDrop = _limiter.Delay;
    }

    /// <summary>Samples it still holds back after the last input: feed that much silence to get them.</summary>
    public int Delay => _limiter.Delay;

    /// <summary>Takes samples, writes what is ready, and says how many: none of the first <see cref="Delay"/> of a recording come out as they go in.</summary>
    /// <exception cref="ArgumentException"><paramref name="output"/> is shorter than <paramref name="input"/>.</exception>
    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        if (output.Length < input.Length)
        {
            throw new ArgumentException("The output is shorter than the input.", nameof(output));
        }

        var written = 0;
        while (!input.IsEmpty)
        {
            var block = _block.AsSpan(0, Math.Min(BlockSamples, input.Length));
            for (var i = 0; i < block.Length; i++)
            {
                block[i] = input[i] * _gain;
            }

            _limiter.Process(block);
            var drop = Math.Min(_toDrop, block.Length);
            _toDrop -= drop;
            foreach (var sample in block[drop..])
            {
                output[written++] = (short)MathF.Round(sample);
            }

            input = input[block.Length..];
        }

        return written;
    }
}
