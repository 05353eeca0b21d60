namespace Postbell.Bench.Load;

/// <summary>Speech-like sound made by rule: syllables of a gliding voice with harmonics and some noise. Never repeats within its minute.</summary>
internal static class SpeechSource
{
    public const int FrameBytes = 160;
    private const int Rate = 8000;

    /// <summary>A minute of it, as 16-bit samples.</summary>
    public static short[] Minute()
    {
        var random = new Random(4711);
        var samples = new short[60 * Rate];
        double phase = 0;
        for (var at = 0; at < samples.Length;)
        {
            // A syllable of 120 to 280 ms, then mostly none, sometimes a short gap.
            var length = random.Next(960, 2240);
            var pitch = 95 + (random.NextDouble() * 90);
            var glide = (random.NextDouble() - 0.5) * 30;
            var formant = 400 + (random.NextDouble() * 1600);
            for (var i = 0; i < length && at < samples.Length; i++, at++)
            {
                var place = (double)i / length;
                phase += 2 * Math.PI * (pitch + (glide * place)) / Rate;
                var voice = 0.0;
                for (var harmonic = 1; harmonic <= 12; harmonic++)
                {
                    var distance = ((pitch * harmonic) - formant) / 500;
                    voice += Math.Sin(phase * harmonic) * (0.15 + Math.Exp(-distance * distance));
                }

                var noise = (random.NextDouble() - 0.5) * 0.6;
                samples[at] = (short)((voice + noise) * 2200 * Math.Sin(Math.PI * place));
            }

            at += random.Next(4) == 0 ? random.Next(400, 1600) : 0;
        }

        return samples;
    }

    public static byte[] Encode(short[] samples) => Array.ConvertAll(samples, MuLawOf);

    public static short Decode(byte code)
    {
        var bits = ~code & 0xFF;
        var magnitude = (((bits & 0x0F) << 3) + 0x84) << ((bits >> 4) & 7);
        return (short)((bits & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84);
    }

    private static byte MuLawOf(short sample)
    {
        var magnitude = Math.Min(Math.Abs((int)sample), 32635) + 0x84;
        var segment = 7;
        while (segment > 0 && (magnitude & (0x80 << segment)) == 0)
        {
            segment--;
        }

        return (byte)~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }
}
