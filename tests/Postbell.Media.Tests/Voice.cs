namespace Postbell.Media.Tests;

/// <summary>Something like a voice, the same at every run: a gliding pitch with harmonics up to near half the sample rate, in syllables.</summary>
internal static class Voice
{
    public static short[] Speak(double seconds, int sampleRate, double amplitude = 9000)
    {
        var samples = new short[(int)(seconds * sampleRate)];
        var phase = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var time = (double)i / sampleRate;
            var pitch = 140 + (30 * Math.Sin(2 * Math.PI * 0.7 * time));
            phase += 2 * Math.PI * pitch / sampleRate;
            var sum = 0.0;
            for (var harmonic = 1; harmonic * 180 < sampleRate * 0.42; harmonic++)
            {
                sum += Math.Sin(phase * harmonic) / harmonic;
            }

            var syllable = Math.Max(0, Math.Sin(2 * Math.PI * 2.5 * time)) * (0.6 + (0.4 * Math.Sin(2 * Math.PI * 0.31 * time)));
            samples[i] = (short)(sum * syllable * amplitude / 1.6);
        }

        return samples;
    }

    /// <summary>How alike two signals are, 1 for the same: the best correlation over shifts of up to <paramref name="maxLag"/> samples.</summary>
    public static double Similarity(ReadOnlySpan<short> expected, ReadOnlySpan<short> heard, int maxLag)
    {
        var best = 0.0;
        for (var lag = -maxLag; lag <= maxLag; lag++)
        {
            var a = expected[Math.Max(0, -lag)..];
            var b = heard[Math.Max(0, lag)..];
            best = Math.Max(best, Correlation(a, b, Math.Min(a.Length, b.Length)));
        }

        return best;
    }

    public static double Rms(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (double sample in samples)
        {
            sum += sample * sample;
        }

        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    private static double Correlation(ReadOnlySpan<short> a, ReadOnlySpan<short> b, int count)
    {
        double both = 0, first = 0, second = 0;
        for (var i = 0; i < count; i++)
        {
            both += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        return first == 0 || second == 0 ? 0 : both / Math.Sqrt(first * second);
    }
}
