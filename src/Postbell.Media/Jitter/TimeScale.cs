namespace Postbell.Media.Jitter;

/// <summary>Makes sound a little longer or shorter without a change of pitch: one period is put in or left out, blended with its neighbour.</summary>
internal static class TimeScale
{
    private const int LowestPitchHz = 66;
    private const int HighestPitchHz = 400;

    /// <summary>
    /// The length of a period at the end of some sound: at most half of it. 0 when nothing there repeats itself well enough.
    /// </summary>
    /// <param name="sound">The sound.</param>
    /// <param name="sampleRate">Its samples per second.</param>
    /// <param name="likeness">Least correlation of two neighbouring periods, 0 to 1.</param>
    public static int FindPeriod(ReadOnlySpan<short> sound, int sampleRate, float likeness)
    {
        var best = 0;
        var bestScore = likeness;
        var longest = Math.Min(sampleRate / LowestPitchHz, sound.Length / 2);
        for (var lag = sampleRate / HighestPitchHz; lag <= longest; lag++)
        {
            var one = sound.Slice(sound.Length - (2 * lag), lag);
            var two = sound[^lag..];
            float product = 0, oneEnergy = 1, twoEnergy = 1;
            for (var i = 0; i < lag; i++)
            {
                product += one[i] * (float)two[i];
                oneEnergy += one[i] * (float)one[i];
                twoEnergy += two[i] * (float)two[i];
            }

            var score = product / MathF.Sqrt(oneEnergy * twoEnergy);
            if (score > bestScore)
            {
                bestScore = score;
                best = lag;
            }
        }

        return best;
    }

    /// <summary>Leaves a period out of the end of some sound; returns the new length.</summary>
    public static int Shorten(Span<short> sound, int length, int period)
    {
        var start = length - (2 * period);
        for (var i = 0; i < period; i++)
        {
            sound[start + i] = Blend(sound[start + i], sound[start + period + i], i, period);
        }

        return length - period;
    }

    /// <summary>Puts a period into the end of some sound; returns the new length, for which there must be room.</summary>
    public static int Lengthen(Span<short> sound, int length, int period)
    {
        // A, B becomes A, B turning into A, B.
        var a = length - (2 * period);
        var b = length - period;
        sound.Slice(b, period).CopyTo(sound[length..]);
        for (var i = 0; i < period; i++)
        {
            sound[b + i] = Blend(sound[b + i], sound[a + i], i, period);
        }

        return length + period;
    }

    private static short Blend(short from, short to, int index, int length)
    {
        var share = (index + 1f) / (length + 1);
        return (short)((from * (1 - share)) + (to * share));
    }
}
