using Postbell.Core;

namespace Postbell.Server.Phone;

/// <summary>Loudness over time, for reports: dB below full scale, one value per quarter second.</summary>
internal static class SoundLevels
{
    /// <summary>Seconds of one value.</summary>
    public const double Step = 0.25;

    /// <summary>What silence is called.</summary>
    public const double Silence = -96;

    private const string Bars = " ▁▂▃▄▅▆▇█";

    /// <summary>The levels, in dB relative to full scale, not below <see cref="Silence"/>.</summary>
    public static IReadOnlyList<double> Of(PcmAudio audio)
    {
        var levels = new List<double>();
        var step = (int)(audio.SampleRate * Step);
        for (var at = 0; at < audio.Samples.Length; at += step)
        {
            var part = audio.Samples.Span[at..Math.Min(at + step, audio.Samples.Length)];
            double power = 0;
            foreach (var sample in part)
            {
                power += (double)sample * sample;
            }

            var level = 10 * Math.Log10((power / part.Length / short.MaxValue / short.MaxValue) + 1e-10);
            levels.Add(Math.Round(Math.Max(Silence, level), 1));
        }

        return levels;
    }

    /// <summary>One character per value: blank below -60 dB, a full block near full scale.</summary>
    public static string Draw(IReadOnlyList<double> levels) =>
        string.Concat(levels.Select(level => Bars[Math.Clamp((int)((level + 60) / 60 * Bars.Length), 0, Bars.Length - 1)]));
}
