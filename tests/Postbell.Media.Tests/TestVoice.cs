using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media.Tests;

/// <summary>Sound like a voice for tests: made by rule, or recorded people where the machine has such files.</summary>
internal static class TestVoice
{
    private static readonly string[] s_folders = ["/usr/share/asterisk/sounds", "/usr/share/pocketsphinx/test/data"];

    /// <summary>Vowels of a gliding pitch with pauses between words, and a little noise; the same each time.</summary>
    public static short[] Speak(int milliseconds, int sampleRate = 8000, int seed = 1, bool pauses = true)
    {
        var random = new Random(seed);
        var samples = new short[milliseconds * (sampleRate / 1000)];
        double phase = 0;
        double a1 = 0, a2 = 0, b1 = 0, b2 = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var t = i / (double)sampleRate;
            phase += (120 + (25 * Math.Sin(2 * Math.PI * 0.7 * t)) + (seed * 3)) / sampleRate;
            var pulse = 0.0;
            if (phase >= 1)
            {
                phase -= 1;
                pulse = 1;
            }

            var word = t % 1.2;
            var loud = pauses && word > 0.9 ? 0 : Math.Min(1, Math.Min(word, Math.Abs(0.9 - word)) * 20);
            loud = pauses ? loud : 1;
            var vowel = (int)(t / 0.3) % 4;
            var first = Resonate(pulse, (new[] { 700.0, 300, 400, 500 })[vowel], 90, sampleRate, ref a1, ref a2);
            var both = Resonate(first, (new[] { 1200.0, 2200, 800, 1700 })[vowel], 140, sampleRate, ref b1, ref b2);
            samples[i] = (short)Math.Clamp((loud * both * 9000) + random.Next(-12, 13), short.MinValue, short.MaxValue);
        }

        return samples;
    }

    /// <summary>The same as G.711.</summary>
    public static byte[] SpeakCoded(int milliseconds, G711Law law = G711Law.Mu, int seed = 1, bool pauses = true)
    {
        var codes = new byte[milliseconds * 8];
        G711.Encode(Speak(milliseconds, seed: seed, pauses: pauses), codes, law);
        return codes;
    }

    /// <summary>Recorded people at 8 kHz, as this machine has them; none elsewhere.</summary>
    public static IEnumerable<(string File, short[] Samples)> Recorded() =>
        s_folders.Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.wav", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)
            .Select(f => (f, Resampler.Convert(WavReader.Read(File.ReadAllBytes(f)), 8000).Samples.ToArray()));

    /// <summary>How alike two runs of sound are: 1 the same shape, 0 none.</summary>
    public static double Correlation(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        double product = 0, oneEnergy = 1, otherEnergy = 1;
        for (var i = 0; i < Math.Min(one.Length, other.Length); i++)
        {
            product += (double)one[i] * other[i];
            oneEnergy += (double)one[i] * one[i];
            otherEnergy += (double)other[i] * other[i];
        }

        return product / Math.Sqrt(oneEnergy * otherEnergy);
    }

    /// <summary>
    /// How well one can hear in <paramref name="heard"/> what was said: the mean, over pieces of 100 ms that are no pause, of how alike each is to what was
    /// said up to <paramref name="longestDelay"/> samples before.
    /// </summary>
    public static double Likeness(ReadOnlySpan<short> heard, ReadOnlySpan<short> said, int longestDelay, int piece = 800)
    {
        var (sum, count) = (0.0, 0);
        for (var at = longestDelay; at + piece <= heard.Length; at += piece)
        {
            var best = 0.0;
            var loudest = 0.0;
            for (var delay = 0; delay <= longestDelay; delay++)
            {
                if (at - delay + piece > said.Length)
                {
                    continue;
                }

                var source = said.Slice(at - delay, piece);
                loudest = delay % 80 == 0 ? Math.Max(loudest, Level(source)) : loudest;
                best = Math.Max(best, Coarse(heard.Slice(at, piece), source) > 0.2 ? Correlation(heard.Slice(at, piece), source) : 0);
            }

            if (loudest > 200)
            {
                sum += best;
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    /// <summary>Root mean square.</summary>
    public static double Level(ReadOnlySpan<short> sound)
    {
        var energy = 0.0;
        foreach (var sample in sound)
        {
            energy += (double)sample * sample;
        }

        return Math.Sqrt(energy / Math.Max(1, sound.Length));
    }

    private static double Coarse(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        double product = 0, oneEnergy = 1, otherEnergy = 1;
        for (var i = 0; i < one.Length; i += 5)
        {
            product += (double)one[i] * other[i];
            oneEnergy += (double)one[i] * one[i];
            otherEnergy += (double)other[i] * other[i];
        }

        return product / Math.Sqrt(oneEnergy * otherEnergy);
    }

    private static double Resonate(double input, double frequency, double bandwidth, int sampleRate, ref double one, ref double two)
    {
        var radius = Math.Exp(-Math.PI * bandwidth / sampleRate);
        var output = (input * (1 - radius) * 4) + (2 * radius * Math.Cos(2 * Math.PI * frequency / sampleRate) * one) - (radius * radius * two);
        two = one;
        one = output;
        return output;
    }
}
