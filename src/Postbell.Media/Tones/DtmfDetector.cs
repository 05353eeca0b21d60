using System.Runtime.Intrinsics;

namespace Postbell.Media.Tones;

/// <summary>
/// Finds touch tones in sound of 8000 Hz (ITU-T Q.24): presses of 40 ms and longer, told apart by pauses of 40 ms. Each window of 12.75 ms is looked at
/// by its energy at the eight frequencies, with half a window between looks; four looks in a row must agree. Speech fails the tests of a window now and
/// then, never four times in a row: two tones and next to nothing else, alike in level, one clear winner in each group.
/// </summary>
internal sealed class DtmfDetector(IKeyListener listener)
{
    private const int WindowSamples = 102;
    private const int HopSamples = 51;
    private const int LooksToBegin = 4;
    private const int LooksToEnd = 4;
    private const int SampleRate = 8000;

    // Quieter than -42 dBm0 is no key.
    private const float LeastEnergy = WindowSamples * 130f * 130f;

    // The tones hold this part of the energy at least: noise may be 5 dB below them.
    private const float LeastShare = 0.74f;

    // The high tone may be 4 dB above the low one (reverse), the low one 8 dB above the high one (normal twist): lines attenuate high tones.
    private const float HighAboveLow = 2.512f;
    private const float LowAboveHigh = 6.31f;

    // 8 dB between the winner of a group and the others.
    private const float Winner = 6.31f;

    private const string Keys = "123A456B789C*0#D";

    private static readonly Vector256<float> s_coefficients = Vector256.Create([.. new double[] { 697, 770, 852, 941, 1209, 1336, 1477, 1633 }
        .Select(f => (float)(2 * Math.Cos(2 * Math.PI * f / SampleRate)))]);

    private readonly float[] _window = new float[WindowSamples];
    private int _filled;
    private char? _lastLook;
    private int _sameLooks;
    private int _otherLooks;
    private char? _pressed;
    private int _pressedSamples;

    /// <summary>Listens to what comes next.</summary>
    public void Add(ReadOnlySpan<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var take = Math.Min(samples.Length, WindowSamples - _filled);
            for (var i = 0; i < take; i++)
            {
                _window[_filled + i] = samples[i];
            }

            _filled += take;
            samples = samples[take..];
            if (_filled == WindowSamples)
            {
                Judge(Look());
                Array.Copy(_window, HopSamples, _window, 0, WindowSamples - HopSamples);
                _filled = WindowSamples - HopSamples;
            }
        }
    }

    /// <summary>Begins anew; a key that is down comes up.</summary>
    public void Reset()
    {
        Release();
        _filled = 0;
        _lastLook = null;
        _sameLooks = 0;
    }

    private void Judge(char? look)
    {
        _sameLooks = look == _lastLook ? _sameLooks + 1 : 1;
        _lastLook = look;
        if (_pressed is { } key)
        {
            _pressedSamples += HopSamples;
            _otherLooks = look == key ? 0 : _otherLooks + 1;
            if (_otherLooks == LooksToEnd)
            {
                _pressedSamples -= LooksToEnd * HopSamples;
                Release();
            }
        }

        if (_pressed is null && look is { } heard && _sameLooks >= LooksToBegin)
        {
            _pressed = heard;
            _pressedSamples = WindowSamples + ((LooksToBegin - 1) * HopSamples);
            _otherLooks = 0;
            listener.OnKeyDown(heard);
        }
    }

    private void Release()
    {
        if (_pressed is { } key)
        {
            _pressed = null;
            listener.OnKeyUp(key, _pressedSamples);
        }
    }

    /// <summary>The key whose tones fill the window; null when none do.</summary>
    private char? Look()
    {
        var energy = 0f;
        foreach (var sample in _window)
        {
            energy += sample * sample;
        }

        if (energy < LeastEnergy)
        {
            return null;
        }

        // Goertzel's recursion for all eight frequencies at once.
        var one = Vector256<float>.Zero;
        var two = Vector256<float>.Zero;
        foreach (var sample in _window)
        {
            var next = (s_coefficients * one) - two + Vector256.Create(sample);
            two = one;
            one = next;
        }

        var power = (one * one) + (two * two) - (s_coefficients * one * two);
        var row = Strongest(power.GetLower());
        var column = Strongest(power.GetUpper());
        if (row is not { } low || column is not { } high)
        {
            return null;
        }

        var lowPower = power[low];
        var highPower = power[4 + high];
        var isAlike = highPower <= lowPower * HighAboveLow && lowPower <= highPower * LowAboveHigh;
        return isAlike && lowPower + highPower >= LeastShare * energy * WindowSamples / 2 ? Keys[(low * 4) + high] : null;
    }

    private static int? Strongest(Vector128<float> group)
    {
        var best = 0;
        for (var i = 1; i < 4; i++)
        {
            best = group[i] > group[best] ? i : best;
        }

        for (var i = 0; i < 4; i++)
        {
            if (i != best && group[i] * Winner > group[best])
            {
                return null;
            }
        }

        return best;
    }
}
