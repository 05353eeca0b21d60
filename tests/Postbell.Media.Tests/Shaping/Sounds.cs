using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media.Tests.Shaping;

/// <summary>Sounds that tests of shaping and playback share; levels are decibel of full scale, root mean square.</summary>
internal static class Sounds
{
    public static short[] Silence(double seconds, int rate = 8000) => new short[(int)(seconds * rate)];

    public static short[] Tone(double hertz, double db, double seconds, int rate = 8000)
    {
        var peak = Math.Sqrt(2) * 32768 * Math.Pow(10, db / 20);
        return [.. Enumerable.Range(0, (int)(seconds * rate)).Select(i => Round(peak * Math.Sin(2 * Math.PI * hertz * i / rate)))];
    }

    /// <summary>Steady noise: white, or brighter (towards an s) with <paramref name="colour"/> 1, or duller with -1.</summary>
    public static short[] Noise(double db, double seconds, int seed = 1, int colour = 0, int rate = 8000)
    {
        var random = new Random(seed);
        var raw = new double[(int)(seconds * rate)];
        var last = 0.0;
        for (var i = 0; i < raw.Length; i++)
        {
            var white = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            raw[i] = colour switch { 1 => white - last, -1 => (0.8 * (raw.Length > 0 && i > 0 ? raw[i - 1] : 0)) + white, _ => white };
            last = white;
        }

        var scale = raw.Length == 0 ? 0 : 32768 * Math.Pow(10, db / 20) / Math.Sqrt(raw.Average(static x => x * x));
        return [.. raw.Select(x => Round(x * scale))];
    }

    public static short[] Mix(short[] a, short[] b, int at = 0)
    {
        var sum = (short[])a.Clone();
        for (var i = 0; i < b.Length && at + i < sum.Length; i++)
        {
            sum[at + i] = Round(sum[at + i] + b[i]);
        }

        return sum;
    }

    public static short[] Gain(short[] samples, double db)
    {
        var factor = Math.Pow(10, db / 20);
        return [.. samples.Select(s => Round(s * factor))];
    }

    /// <summary>The samples as a telephone line delivers them.</summary>
    public static short[] OverTheLine(short[] samples, G711Law law = G711Law.Mu) => [.. samples.Select(s => G711.Decode(G711.Encode(s, law), law))];

    public static double Db(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return samples.IsEmpty || sum == 0 ? -120 : 10 * Math.Log10(sum / samples.Length / (32768.0 * 32768));
    }

    /// <summary>Recorded people at 8 kHz, one file each; the test is skipped where none are installed.</summary>
    public static IReadOnlyList<(string Name, short[] Samples)> People(int count, int rate = 8000)
    {
        string[] folders = ["/usr/share/asterisk/sounds", "/usr/share/pocketsphinx/test/data"];
        var files = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.wav", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();
        Assert.SkipWhen(files.Length == 0, "no recorded speech on this machine (asterisk-core-sounds-en-wav, pocketsphinx-testdata)");
        var stride = Math.Max(1, files.Length / count);
        return [.. files.Where((_, i) => i % stride == 0)
            .Select(f => (Path.GetFileName(f), Resampler.Convert(WavReader.Read(File.ReadAllBytes(f)), rate).Samples.ToArray()))
            .Where(p => p.Item2.Length > rate / 2)];
    }

    private static short Round(double x) => (short)Math.Clamp(Math.Round(x), short.MinValue, short.MaxValue);
}
