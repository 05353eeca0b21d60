namespace Postbell.Media.Shaping;

/// <summary>
/// Listens to a whole recording and says how it should be shaped for the person who gets it: without the silence at its ends, and as loud as the others.
/// </summary>
public sealed class RecordingAnalysis
{
    /// <summary>Loudness that recordings are brought to, in LUFS.</summary>
    public const double TargetLufs = -19;

    /// <summary>The most a quiet recording is raised, in decibel.</summary>
    public const double MostGainDb = 20;

    /// <summary>The most a loud recording is lowered, in decibel.</summary>
    public const double MostCutDb = 20;

    /// <summary>Steady noise is not raised above this, in decibel of full scale.</summary>
    public const double LoudestNoiseDb = -42;

    // Who hears the difference of 1 dB? Then the samples stay as they came.
    private const double NotWorthIt = 1;

    private const double LeastRange = 7;

    // Less sound than this is no speech that could be raised: a cough, a rustle, the noise of the line alone.
    private static readonly TimeSpan s_leastSound = TimeSpan.FromMilliseconds(200);

    private readonly LoudnessMeter _loudness;
    private readonly SoundBounds _bounds;
    private long _samples;

    /// <summary>An analysis that has heard nothing.</summary>
    /// <param name="sampleRate">Samples per second, 8000 or more.</param>
    public RecordingAnalysis(int sampleRate)
    {
        _loudness = new LoudnessMeter(sampleRate);
        _bounds = new SoundBounds(sampleRate);
    }

    /// <summary>Listens to what comes next; mono, 16 bits.</summary>
    public void Add(ReadOnlySpan<short> samples)
    {
        _loudness.Add(samples);
        _bounds.Add(samples);
        _samples += samples.Length;
    }

    /// <summary>The shape of all that was heard. Call once, at the end.</summary>
    /// <param name="level">Whether the loudness is brought to <see cref="TargetLufs"/>.</param>
    /// <param name="trim">Whether silence and steady noise at the ends go.</param>
    public RecordingShape Complete(bool level, bool trim)
    {
        _bounds.Find();
        var shape = RecordingShape.Whole(_samples);
        if (trim)
        {
            shape = shape with { Start = _bounds.Start, End = _bounds.End };
        }

        return level && _loudness.Integrated() is { } loudness ? shape with { GainDb = Gain(loudness), Loudness = loudness } : shape;
    }

    private double Gain(double loudness)
    {
        var gain = Math.Clamp(TargetLufs - loudness, -MostCutDb, MostGainDb);
        if (gain > 0)
        {
            var forNoise = Math.Max(0, LoudestNoiseDb - Db(_bounds.Noise));
            gain = HasSpeech(loudness) ? Math.Min(gain, forNoise) : 0;
        }

        return Math.Abs(gain) < NotWorthIt ? 0 : gain;
    }

    // Speech changes: noise that a line switches on and off stands out of the silence between, but is as loud as its own quietest part.
    private bool HasSpeech(double loudness) =>
        _bounds.Sound >= s_leastSound && (_bounds.Quietest == 0 || loudness - Db(_bounds.Quietest) >= LeastRange);

    private static double Db(double power) => 10 * Math.Log10(power);
}
