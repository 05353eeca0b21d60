using Postbell.Core;

namespace Postbell.Speech;

/// <summary>Loudness of prompts: all voices and texts equally loud, and never clipped.</summary>
public static class SpeechLevel
{
    /// <summary>Loudness of normalised speech in dB below full scale, over the parts that are not silent.</summary>
    public const double TargetDecibels = -20;

    // Full scale of G.711 speech peaks; a little room keeps the encoder from clipping.
    private const double PeakLimit = 29_000;

    // Samples below are pauses and do not count.
    private const int SilenceLevel = 200;

    private const double LargestGain = 8;

    /// <summary>Mean level of the parts that are not silent, in dB below full scale; negative infinity for silence.</summary>
    public static double Measure(PcmAudio audio)
    {
        const int Block = 160;
        var (energy, counted) = (0.0, 0);
        for (var start = 0; start < audio.Samples.Length; start += Block)
        {
            var block = audio.Samples.Span[start..Math.Min(start + Block, audio.Samples.Length)];
            var sum = 0.0;
            foreach (var sample in block)
            {
                sum += (double)sample * sample;
            }

            if (sum > (double)SilenceLevel * SilenceLevel * block.Length)
            {
                energy += sum;
                counted += block.Length;
            }
        }

        return counted == 0 ? double.NegativeInfinity : 10 * Math.Log10(energy / counted / (32768.0 * 32768.0));
    }

    /// <summary>The same audio at <see cref="TargetDecibels"/>, or as near to it as its peaks allow.</summary>
    public static PcmAudio Normalise(PcmAudio audio)
    {
        var level = Measure(audio);
        if (double.IsNegativeInfinity(level))
        {
            return audio;
        }

        var peak = 1;
        foreach (var sample in audio.Samples.Span)
        {
            peak = Math.Max(peak, Math.Abs((int)sample));
        }

        var gain = Math.Min(Math.Min(Math.Pow(10, (TargetDecibels - level) / 20), PeakLimit / peak), LargestGain);
        var samples = new short[audio.Samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)Math.Round(audio.Samples.Span[i] * gain);
        }

        return audio with { Samples = samples };
    }
}
