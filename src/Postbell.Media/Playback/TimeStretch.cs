using System.Numerics;
using System.Runtime.InteropServices;

namespace Postbell.Media.Playback;

/// <summary>
/// Plays faster or slower without a change of pitch (WSOLA: waveform similarity overlap-add). Every 12.5 ms it goes over from how the sound would have gone on
/// to the place where it should be by now, or rather to that within 9 ms of it which looks most like what would have followed, so that waves join in phase.
/// At speed 1 the samples pass as they are. A jump is such a transition too and makes no click.
/// </summary>
internal sealed class TimeStretch
{
    private readonly ClipSamples _source;
    private readonly int _search;
    private readonly float[] _expected;
    private readonly float[] _region;
    private readonly float[] _fadeIn;
    private long _next;
    private double _target;
    private bool _jumped;

    public TimeStretch(ClipSamples source, long position)
    {
        _source = source;
        HopSamples = source.SampleRate / 80;
        _search = source.SampleRate * 9 / 1000;
        _expected = new float[source.SampleRate / 50];
        _region = new float[_expected.Length + (2 * _search)];
        _fadeIn = new float[HopSamples];
        for (var i = 0; i < HopSamples; i++)
        {
            _fadeIn[i] = 0.5f - (0.5f * MathF.Cos(MathF.PI * (i + 0.5f) / HopSamples));
        }

        _next = position;
        _target = position;
    }

    /// <summary>Samples that one hop makes.</summary>
    public int HopSamples { get; }

    /// <summary>How many seconds of sound pass in one second, 0.5 to 2.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>Where in the source the next hop begins.</summary>
    public long Position => (long)_target;

    /// <summary>True when nothing is left.</summary>
    public bool IsOver => _target >= _source.Length;

    /// <summary>Goes on somewhere else.</summary>
    public void Jump(long position)
    {
        _target = position;
        _jumped = true;
    }

    /// <summary>Makes the next <see cref="HopSamples"/>.</summary>
    public void Hop(Span<float> output)
    {
        if (Speed == 1 && !_jumped)
        {
            _source.Read(_next, output);
            _next += output.Length;
            _target = _next;
            return;
        }

        var center = (long)Math.Round(_target);
        _source.Read(_next, _expected);
        _source.Read(center - _search, _region);
        var best = MostSimilar();
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = _expected[i] + ((_region[best + i] - _expected[i]) * _fadeIn[i]);
        }

        _next = center - _search + best + output.Length;
        _target += output.Length * Speed;
        _jumped = false;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b[..a.Length]);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        var total = Vector.Sum(sum);
        for (var i = x.Length * Vector<float>.Count; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }

    // The place in the region that looks most like what is expected; without any sound, the middle.
    private int MostSimilar()
    {
        ReadOnlySpan<float> region = _region;
        var (best, highest) = (_search, 0f);
        for (var at = 0; at <= 2 * _search; at++)
        {
            var candidate = region.Slice(at, _expected.Length);
            var likeness = Dot(_expected, candidate);
            if (likeness <= 0)
            {
                continue;
            }

            var score = likeness / MathF.Sqrt(Dot(candidate, candidate));
            if (score > highest)
            {
                (best, highest) = (at, score);
            }
        }

        return best;
    }
}
