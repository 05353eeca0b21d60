using System.Diagnostics;

namespace Postbell.Interop.Tests.Phone;

/// <summary>Tells a tone (the beep) from speech: one pitch holds nearly all the energy for 100 ms and more.</summary>
public sealed class ToneListener
{
    private const int FramesOfATone = 5;
    private const double Loud = 300;

    private static readonly TimeSpan NothingBehind = TimeSpan.FromMilliseconds(80);

    private int _framesInTone;
    private int _tonesEnded;
    private long _lastFrame;
    private double _pitch;
    private long _lastLoud = Stopwatch.GetTimestamp();
    private int _frames;
    private int _loudFrames;
    private double _purest;

    /// <summary>Tones heard to their end, also when nothing at all is sent behind one.</summary>
    public int TonesEnded =>
        Volatile.Read(ref _tonesEnded) + (Volatile.Read(ref _framesInTone) >= FramesOfATone && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastFrame)) > NothingBehind ? 1 : 0);

    public TimeSpan SilentFor => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastLoud));

    public string Describe() => $"{_frames} frames heard, {_loudFrames} of them loud, {TonesEnded} tones, purest frame {_purest:0.00}";

    public void Hear(ReadOnlySpan<byte> encoded, Func<byte, short> decode)
    {
        var samples = new double[encoded.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = decode(encoded[i]);
        }

        _frames++;
        Volatile.Write(ref _lastFrame, Stopwatch.GetTimestamp());
        var energy = samples.Sum(s => s * s);
        if (Math.Sqrt(energy / samples.Length) < Loud)
        {
            EndTone();
            return;
        }

        _loudFrames++;
        Volatile.Write(ref _lastLoud, Stopwatch.GetTimestamp());
        var (pitch, share) = Strongest(samples, energy);
        _purest = Math.Max(_purest, share);
        if (share > 0.9 && (_framesInTone == 0 || Math.Abs(pitch - _pitch) < 30))
        {
            _framesInTone++;
            _pitch = pitch;
            return;
        }

        EndTone();
    }

    private void EndTone()
    {
        if (_framesInTone >= FramesOfATone)
        {
            _tonesEnded++;
        }

        _framesInTone = 0;
    }

    /// <summary>The pitch with most energy and its share of all, by Goertzel's filter at each 25 Hz.</summary>
    private static (double Pitch, double Share) Strongest(double[] samples, double energy)
    {
        double best = 0, pitch = 0;
        for (var f = 300.0; f <= 2000; f += 25)
        {
            var c = 2 * Math.Cos(2 * Math.PI * f / 8000);
            double s1 = 0, s2 = 0;
            foreach (var x in samples)
            {
                (s1, s2) = (x + (c * s1) - s2, s1);
            }

            var power = ((s1 * s1) + (s2 * s2) - (c * s1 * s2)) * 2 / samples.Length;
            if (power > best)
            {
                (best, pitch) = (power, f);
            }
        }

        return (pitch, best / energy);
    }
}
