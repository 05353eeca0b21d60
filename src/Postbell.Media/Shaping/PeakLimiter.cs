namespace Postbell.Media.Shaping;

/// <summary>
/// Keeps samples below -1 dB of full scale without clipping them: it looks 5 ms ahead, turns the level down smoothly before a peak and up again within
/// about 80 ms. Samples below the ceiling, with no peak near, pass unchanged. Its output is <see cref="Delay"/> samples behind its input.
/// </summary>
public sealed class PeakLimiter
{
    /// <summary>No sample leaves it beyond this: -1 dB of full scale.</summary>
    public const float Ceiling = 29204;

    private readonly float[] _delayed;
    private readonly float[] _needed;
    private readonly float[] _released;
    private readonly float _release;
    private int _at;
    private int _quiet;
    private float _level = 1;
    private double _sum;

    /// <summary>A limiter that has heard nothing.</summary>
    /// <param name="sampleRate">Samples per second.</param>
    public PeakLimiter(int sampleRate)
    {
        var window = Math.Max(2, sampleRate / 200);
        _delayed = new float[window];
        _needed = new float[window];
        _released = new float[window];
        _release = 1 - MathF.Exp(-1 / (0.03f * sampleRate));
        Reset();
    }

    /// <summary>Samples between a sample's entry and its exit.</summary>
    public int Delay => _delayed.Length - 1;

    /// <summary>Forgets what it heard; the next output is silence again for <see cref="Delay"/> samples.</summary>
    public void Reset()
    {
        Array.Clear(_delayed);
        Array.Fill(_needed, 1);
        Array.Fill(_released, 1);
        (_at, _quiet, _level, _sum) = (0, _needed.Length, 1, _released.Length);
    }

    /// <summary>Takes samples in the scale of 16 bits, of any height, and puts those of <see cref="Delay"/> samples ago in their place.</summary>
    public void Process(Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = Next(samples[i]);
        }
    }

    private float Next(float sample)
    {
        var window = _delayed.Length;
        var height = Math.Abs(sample);
        var needed = height > Ceiling ? Ceiling / height : 1f;
        _delayed[_at] = sample;
        _needed[_at] = needed;
        _quiet = needed < 1 ? 0 : Math.Min(_quiet + 1, window);

        // The mean over a window of values that are all at most what the peak in its middle needs is at most that as well.
        var least = _quiet == window ? 1f : Least();
        _level = least <= _level ? least : _level + ((least - _level) * _release);
        if (least >= 1 && _level > 0.9999f)
        {
            _level = 1;
        }

        _sum += _level - _released[_at];
        _released[_at] = _level;
        _at = _at + 1 == window ? 0 : _at + 1;
        if (_at == 0)
        {
            _sum = Sum();
        }

        // The oldest in the window leaves.
        var oldest = _delayed[_at];
        return _sum == window ? oldest : Math.Clamp((float)(oldest * (_sum / window)), -Ceiling, Ceiling);
    }

    private float Least()
    {
        var least = 1f;
        foreach (var value in _needed)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    private double Sum()
    {
        var sum = 0.0;
        foreach (var value in _released)
        {
            sum += value;
        }

        return sum;
    }
}
