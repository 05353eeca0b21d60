namespace Postbell.Media.Shaping;

/// <summary>
/// Integrated loudness of one channel as ITU-R BS.1770-4 and EBU R 128 measure it: K weighting, blocks of 400 ms every 100 ms, gates at -70 LUFS and 10 LU
/// below the mean. One gate is added for telephone lines: what is within 5 LU of the quietest block is the noise of the line and does not count while
/// anything is louder, because a message may be mostly pauses.
/// </summary>
public sealed class LoudnessMeter
{
    private const double AbsoluteGate = -70;
    private const double RelativeGate = -10;
    private const double NoiseGate = 5;
    private const int HopsPerBlock = 4;

    private readonly List<float> _hops = [];
    private readonly int _hopSamples;
    private Biquad _shelf;
    private Biquad _highPass;
    private double _energy;
    private int _samples;

    /// <summary>A meter that has heard nothing.</summary>
    /// <param name="sampleRate">Samples per second, 8000 or more.</param>
    public LoudnessMeter(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        _shelf = Biquad.KShelf(sampleRate);
        _highPass = Biquad.KHighPass(sampleRate);
        _hopSamples = sampleRate / 10;
    }

    /// <summary>Loudness in LUFS of a mean square of K-weighted samples of -1 to 1.</summary>
    public static double Lufs(double meanSquare) => -0.691 + (10 * Math.Log10(meanSquare));

    /// <summary>Measures what comes next.</summary>
    public void Add(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            var y = _highPass.Next(_shelf.Next(sample / 32768.0));
            _energy += y * y;
            if (++_samples == _hopSamples)
            {
                EndHop();
            }
        }
    }

    /// <summary>Loudness of all that was heard, in LUFS; null when nothing was above the gates. What is shorter than a block is measured as one block.</summary>
    public double? Integrated()
    {
        var blocks = Blocks();
        if (Gated(blocks, Math.Max(AbsoluteGate, Quietest(blocks) + NoiseGate)) is { } words)
        {
            return Gated(blocks, Math.Max(words + RelativeGate, Quietest(blocks) + NoiseGate));
        }

        return Gated(blocks, AbsoluteGate) is { } all ? Gated(blocks, Math.Max(AbsoluteGate, all + RelativeGate)) : null;
    }

    private static double Quietest(List<double> blocks)
    {
        var quietest = double.MaxValue;
        foreach (var block in blocks)
        {
            if (block > 0 && Lufs(block) is > AbsoluteGate and var loudness)
            {
                quietest = Math.Min(quietest, loudness);
            }
        }

        return quietest;
    }

    private static double? Gated(List<double> blocks, double gate)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var block in blocks)
        {
            if (block > 0 && Lufs(block) > gate)
            {
                sum += block;
                count++;
            }
        }

        return count == 0 ? null : Lufs(sum / count);
    }

    private List<double> Blocks()
    {
        if (_hops.Count < HopsPerBlock)
        {
            var samples = (_hops.Count * (double)_hopSamples) + _samples;
            return samples == 0 ? [] : [((_hops.Sum() * _hopSamples) + _energy) / samples];
        }

        var blocks = new List<double>(_hops.Count);
        for (var i = 0; i + HopsPerBlock <= _hops.Count; i++)
        {
            blocks.Add(((double)_hops[i] + _hops[i + 1] + _hops[i + 2] + _hops[i + 3]) / HopsPerBlock);
        }

        return blocks;
    }

    private void EndHop()
    {
        _hops.Add((float)(_energy / _hopSamples));
        _energy = 0;
        _samples = 0;
        _shelf.Settle();
        _highPass.Settle();
    }
}
