using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Tones;

/// <summary>Makes tones of one or more sine waves.</summary>
public static class ToneGenerator
{
    // Full scale of G.711 is +3.14 dBm0 by definition (G.711 table 1).
    private const double FullScaleDbm0 = 3.14;

    private static readonly TimeSpan s_fade = TimeSpan.FromMilliseconds(8);

    /// <summary>A tone with faded edges.</summary>
    /// <param name="duration">Its length.</param>
    /// <param name="level">Level of each frequency in dBm0; a sine at +3.14 just touches full scale.</param>
    /// <param name="frequencies">Frequencies in Hz, below 4000.</param>
    public static AudioClip Generate(TimeSpan duration, double level, params ReadOnlySpan<double> frequencies) =>
        Generate(duration, TimeSpan.Zero, level, frequencies);

    /// <summary>A tone with faded edges, then a pause.</summary>
    public static AudioClip Generate(TimeSpan duration, TimeSpan pause, double level, params ReadOnlySpan<double> frequencies)
    {
        var count = Samples(duration);
        var fade = Math.Min(Samples(s_fade), count / 2);
        var samples = new short[count + Samples(pause)];
        var amplitude = short.MaxValue * Math.Pow(10, (level - FullScaleDbm0) / 20);
        for (var i = 0; i < count; i++)
        {
            var sum = 0.0;
            foreach (var frequency in frequencies)
            {
                sum += Math.Sin(2 * Math.PI * frequency * i / G711.SampleRate);
            }

            samples[i] = (short)Math.Clamp(sum * amplitude * Edge(i, count, fade), short.MinValue, short.MaxValue);
        }

        return AudioClip.FromPcm(new PcmAudio(samples, G711.SampleRate));
    }

    private static int Samples(TimeSpan time) => (int)(time.TotalSeconds * G711.SampleRate);

    private static double Edge(int index, int count, int fade)
    {
        var distance = Math.Min(index, count - 1 - index);
        return distance >= fade ? 1 : 0.5 - (0.5 * Math.Cos(Math.PI * distance / fade));
    }
}
