using Postbell.Core;

namespace Postbell.Speech;

/// <summary>
/// Changes the sample rate of audio by a rational factor with a polyphase low-pass (Kaiser-windowed sinc): what the new rate cannot carry is
/// removed by 70 dB and more instead of being folded back as noise.
/// </summary>
public static class Resampler
{
    private const int ZeroCrossings = 32;
    private const double Beta = 8.0;

    // Part of the smaller Nyquist frequency that passes unharmed; the rest is the slope of the filter.
    private const double PassBand = 0.92;

    /// <summary>The same audio with another sample rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not from 4000 to 192000.</exception>
    public static PcmAudio Convert(PcmAudio audio, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 4000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 192_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(audio.SampleRate, 4000, nameof(audio));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(audio.SampleRate, 192_000, nameof(audio));
        if (audio.SampleRate == sampleRate)
        {
            return audio;
        }

        var common = GreatestCommonDivisor(audio.SampleRate, sampleRate);
        return new PcmAudio(Filter(audio.Samples.Span, sampleRate / common, audio.SampleRate / common), sampleRate);
    }

    private static short[] Filter(ReadOnlySpan<short> input, int up, int down)
    {
        var half = ZeroCrossings * Math.Max(up, down);
        var taps = LowPass(half, PassBand / Math.Max(up, down), up);
        var output = new short[(int)(((long)input.Length * up) + down - 1) / down];
        for (var n = 0; n < output.Length; n++)
        {
            // Position in the imagined signal with up - 1 zeros between samples; only every up-th tap meets a sample.
            var centre = (long)n * down;
            var first = Math.Max(0, (centre - half + up - 1) / up);
            var last = Math.Min(input.Length - 1, (centre + half) / up);
            var sum = 0.0;
            for (var k = first; k <= last; k++)
            {
                sum += input[(int)k] * taps[(int)((k * up) - centre) + half];
            }

            output[n] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }

        return output;
    }

    private static double[] LowPass(int half, double cutoff, int gain)
    {
        var taps = new double[(2 * half) + 1];
        for (var i = -half; i <= half; i++)
        {
            var x = Math.PI * cutoff * i;
            var sinc = i == 0 ? cutoff : cutoff * Math.Sin(x) / x;
            var edge = (double)i / half;
            taps[i + half] = gain * sinc * Bessel(Beta * Math.Sqrt(1 - (edge * edge))) / Bessel(Beta);
        }

        return taps;
    }

    // Modified Bessel function of the first kind, order zero, by its power series.
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
