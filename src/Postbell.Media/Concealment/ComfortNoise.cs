namespace Postbell.Media.Concealment;

/// <summary>
/// The hiss of a quiet line, so that a pause does not sound like a dead call. It follows the quietest sound of the stream, or level and spectrum that a
/// comfort noise packet names (RFC 3389). Without a spectrum it is not white: most of it lies at low frequencies, as in rooms.
/// </summary>
/// <param name="seed">Begins the random numbers.</param>
public sealed class ComfortNoise(uint seed)
{
    /// <summary>Loudest noise made, -40 dB below full scale, as an amplitude (root mean square).</summary>
    public const float Loudest = 327;

    // Becomes quieter at once, louder by 1 dB a second at packets of 20 ms: a long sentence does not lift it.
    private const float Rise = 1.0023f;

    // A uniform number between -1 and 1 has a root mean square of one by the square root of three.
    private const float Uniform = 1.7320508f;

    private readonly float[] _reflections = new float[NoiseSpectrum.MaxOrder];
    private readonly float[] _delayed = new float[NoiseSpectrum.MaxOrder + 1];
    private uint _state = seed | 1;
    private float _low;
    private int _order;
    private float _excitation;

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

    /// <summary>Takes what a comfort noise packet says.</summary>
    /// <param name="payload">
    /// Its payload: dB below full scale, 0 to 127, then the spectrum as reflection coefficients, of which the first twelve are used; they belong to the sample
    /// rate of the samples made.
    /// </param>
    public void Set(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return;
        }

        Level = Math.Min(short.MaxValue * MathF.Pow(10, -(payload[0] & 0x7F) / 20f), Loudest);
        _order = NoiseSpectrum.Read(payload[1..], _reflections, out _excitation);
    }

    /// <summary>One sample.</summary>
    public short Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        var white = (int)_state / (float)int.MaxValue;
        if (_order > 0)
        {
            return (short)Math.Clamp(Shape(white * Uniform * _excitation) * Level, short.MinValue, short.MaxValue);
        }

        // A first-order low pass of white noise between -1 and 1 has a root mean square of 1/3 at this coefficient.
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

    /// <summary>The all-pole lattice of the reflection coefficients.</summary>
    private float Shape(float forward)
    {
        for (var stage = _order; stage > 0; stage--)
        {
            forward -= _reflections[stage - 1] * _delayed[stage - 1];
            _delayed[stage] = _delayed[stage - 1] + (_reflections[stage - 1] * forward);
        }

        return _delayed[0] = forward;
    }
}
