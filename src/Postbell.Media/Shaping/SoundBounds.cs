namespace Postbell.Media.Shaping;

/// <summary>
/// Finds where a recording holds more than silence or steady noise. The noise is the quietest 120 ms of each of three bands, so that an s over a humming
/// line or a vowel under hiss stands out; whatever changes is kept, and only what lies more than the margins before the first or behind the last of it is
/// outside. Noise that swells and fades therefore keeps its whole recording: losing silence is worth little, losing a syllable much.
/// </summary>
public sealed class SoundBounds
{
    /// <summary>What stays before the first sound: a breath and the softest beginning of a word.</summary>
    public static readonly TimeSpan MarginBefore = TimeSpan.FromMilliseconds(250);

    /// <summary>What stays behind the last sound: the end of a word that fades away.</summary>
    public static readonly TimeSpan MarginBehind = TimeSpan.FromMilliseconds(400);

    private const int Bands = 3;
    private const int FramesPerSecond = 50;
    private const int NoiseFrames = 6;

    // Steady noise varies by about 1 dB within 60 ms and 2 dB within 20 ms; its quietest 120 ms lie 2 dB below its mean.
    private const double Margin60Ms = 3.6;
    private const double Margin20Ms = 6.3;

    // -70 dB of full scale: the last step of G.711. Nobody hears what lies below.
    private const double Muted = 1e-7;

    // A burst of 40 ms or less with a second of steady noise on both sides is a click of the line, no word.
    private const int ClickFrames = 2;
    private const int ClickDistance = FramesPerSecond;

    private readonly int _frameSamples;
    private readonly List<float>[] _frames = [[], [], []];
    private readonly double[] _energy = new double[Bands];
    private readonly double[] _noise = new double[Bands];
    private Biquad _rumble;
    private Biquad _low;
    private Biquad _middle;
    private Biquad _middleTop;
    private Biquad _high;
    private int _samples;
    private long _position;

    /// <summary>A finder that has heard nothing.</summary>
    /// <param name="sampleRate">Samples per second, 8000 or more.</param>
    public SoundBounds(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        _frameSamples = sampleRate / FramesPerSecond;
        _rumble = Biquad.HighPass(sampleRate, 100);
        _low = Biquad.LowPass(sampleRate, 700);
        _middle = Biquad.HighPass(sampleRate, 700);
        _middleTop = Biquad.LowPass(sampleRate, 2000);
        _high = Biquad.HighPass(sampleRate, 2000);
    }

    /// <summary>First sample to keep. Valid after <see cref="Find"/>.</summary>
    public long Start { get; private set; }

    /// <summary>The sample behind the last one to keep. Valid after <see cref="Find"/>.</summary>
    public long End { get; private set; }

    /// <summary>How long something was heard above the noise, the pauses between left out. Zero: all is silence or steady noise.</summary>
    public TimeSpan Sound { get; private set; }

    /// <summary>Power of the steady noise, 1 is full scale squared; 3e-7 where there is none.</summary>
    public double Noise { get; private set; }

    /// <summary>Power of the quietest 120 ms that are not muted; 0 when there are none. Where a line is muted between words it says more than <see cref="Noise"/>.</summary>
    public double Quietest { get; private set; }

    /// <summary>Looks at what comes next.</summary>
    public void Add(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            var x = _rumble.Next(sample / 32768.0);
            var low = _low.Next(x);
            var middle = _middleTop.Next(_middle.Next(x));
            var high = _high.Next(x);
            _energy[0] += low * low;
            _energy[1] += middle * middle;
            _energy[2] += high * high;
            if (++_samples == _frameSamples)
            {
                EndFrame();
            }
        }

        _position += samples.Length;
    }

    /// <summary>Sets the bounds; without any sound they are the whole recording.</summary>
    public void Find()
    {
        if (_samples > 0)
        {
            // A rest shorter than a frame counts as what it would be in a whole one.
            var share = _frameSamples / (double)_samples;
            Array.ForEach([0, 1, 2], band => _energy[band] *= share);
            EndFrame();
        }

        MeasureNoise();
        var (first, last, count) = FirstAndLast();
        Sound = TimeSpan.FromSeconds(count / (double)FramesPerSecond);
        Start = 0;
        End = _position;
        if (count > 0)
        {
            Start = Math.Max(0, ((long)first * _frameSamples) - Samples(MarginBefore));
            End = Math.Min(_position, ((last + 1L) * _frameSamples) + Samples(MarginBehind));
        }
    }

    private (int First, int Last, int Count) FirstAndLast()
    {
        var frames = _frames[0].Count;
        var (first, last, count) = (-1, -1, 0);
        for (var i = 0; i < frames;)
        {
            if (!IsSound(i))
            {
                i++;
                continue;
            }

            var begin = i;
            while (i < frames && IsSound(i))
            {
                i++;
            }

            var isClick = i - begin <= ClickFrames + 2 && RawLength(begin, i) <= ClickFrames
                && IsQuiet(begin - ClickDistance, begin) && IsQuiet(i, i + ClickDistance);
            if (isClick)
            {
                continue;
            }

            first = first < 0 ? begin : first;
            last = i - 1;
            count += i - begin;
        }

        return (first, last, count);
    }

    private long Samples(TimeSpan time) => (long)(time.TotalSeconds * _frameSamples * FramesPerSecond);

    private bool IsQuiet(int from, int to)
    {
        if (from < 0 || to > _frames[0].Count)
        {
            return false;
        }

        for (var i = from; i < to; i++)
        {
            if (IsSound(i))
            {
                return false;
            }
        }

        return true;
    }

    // Averaging over three frames makes a burst look two frames longer than it is.
    private int RawLength(int from, int to)
    {
        var length = 0;
        for (var i = from; i < to; i++)
        {
            for (var band = 0; band < Bands; band++)
            {
                if (_frames[band][i] > _noise[band] * Margin60Ms)
                {
                    length++;
                    break;
                }
            }
        }

        return length;
    }

    private bool IsSound(int frame)
    {
        for (var band = 0; band < Bands; band++)
        {
            var frames = _frames[band];
            var before = frames[Math.Max(0, frame - 1)];
            var behind = frames[Math.Min(frames.Count - 1, frame + 1)];
            if (frames[frame] > _noise[band] * Margin20Ms || (before + frames[frame] + behind) / 3 > _noise[band] * Margin60Ms)
            {
                return true;
            }
        }

        return false;
    }

    private void MeasureNoise()
    {
        var frames = _frames[0].Count;
        Array.Fill(_noise, double.MaxValue);
        var (quietest, audible, muted) = (double.MaxValue, 0, 0);
        Span<double> sums = stackalloc double[Bands];
        sums.Clear();
        for (var i = 0; i < frames; i++)
        {
            var isMuted = _frames[0][i] + _frames[1][i] + _frames[2][i] <= Muted;
            audible = isMuted ? 0 : audible + 1;
            muted = isMuted ? muted + 1 : 0;
            var total = 0.0;
            for (var band = 0; band < Bands; band++)
            {
                var oldest = audible > NoiseFrames ? _frames[band][i - NoiseFrames] : 0;
                sums[band] = isMuted ? 0 : sums[band] + _frames[band][i] - oldest;
                total += sums[band];
                if (audible >= NoiseFrames || muted >= NoiseFrames)
                {
                    _noise[band] = Math.Min(_noise[band], sums[band] / NoiseFrames);
                }
            }

            quietest = audible >= NoiseFrames ? Math.Min(quietest, total / NoiseFrames) : quietest;
        }

        Quietest = quietest == double.MaxValue ? 0 : quietest;
        Noise = 0;
        for (var band = 0; band < Bands; band++)
        {
            _noise[band] = _noise[band] == double.MaxValue ? Muted : Math.Max(_noise[band], Muted);
            Noise += _noise[band];
        }
    }

    private void EndFrame()
    {
        for (var band = 0; band < Bands; band++)
        {
            _frames[band].Add((float)(_energy[band] / _frameSamples));
            _energy[band] = 0;
        }

        _samples = 0;
        _rumble.Settle();
        _low.Settle();
        _middle.Settle();
        _middleTop.Settle();
        _high.Settle();
    }
}
