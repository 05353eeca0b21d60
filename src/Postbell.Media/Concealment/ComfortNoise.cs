namespace Postbell.Media.Concealment;

/// <summary>
/// The hiss of a quiet line, so that a pause does not sound like a dead call. It follows the quietest sound of the stream, or the level that a comfort
/// noise packet names (RFC 3389). Not white: most of it lies at low frequencies, as in rooms.
/// </summary>
/// <param name="seed">Begins the random numbers.</param>
public sealed class ComfortNoise(uint seed)
{
    /// <summary>Loudest noise made, -40 dB below full scale, as an amplitude (root mean square).</summary>
    public const float Loudest = 327;

    // Becomes quieter at once, louder by 1 dB a second at packets of 20 ms: a long sentence does not lift it.
    private const float Rise = 1.0023f;

    private uint _state = seed | 1;
    private float _low;

    /// <summary>Its root mean square amplitude; 0 is silence.</summary>
    public float Level { get; private set; }

    /// <summary>Learns from sound that was received, a packet at a time.</summary>
    public void Learn(ReadOnlySpan<short> samples)
    {
        if (samples.IsEmpty)
        {
            return;
        }

        long energy = 0;
        foreach (var sample in samples)
        {
            energy += sample * sample;
        }

        var heard = MathF.Sqrt(energy / (float)samples.Length);
        Level = Math.Min(heard < Level || Level == 0 ? heard : Math.Min(heard, Level * Rise), Loudest);
    }

    /// <summary>Takes the level of a comfort noise packet.</summary>
    /// <param name="minusDb">The first byte of its payload: dB below full scale, 0 to 127.</param>
    public void Set(byte minusDb) => Level = Math.Min(short.MaxValue * MathF.Pow(10, -(minusDb & 0x7F) / 20f), Loudest);

    /// <summary>One sample.</summary>
    public short Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;

        // A first-order low pass of white noise between -1 and 1 has a root mean square of 1/3 at this coefficient.
        var white = (int)_state / (float)int.MaxValue;
        _low = (0.5f * _low) + (0.5f * white);
        return (short)(_low * 3 * Level);
    }

    /// <summary>Fills a run of samples.</summary>
    public void Fill(Span<short> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = Next();
        }
    }
}
