namespace Postbell.Media.Shaping;

/// <summary>
/// Finds the sound of the key that ended a recording, at its very end: a telephone without telephone-events presses keys as sound, and some gateways let the
/// beginning of a press through beside the event.
/// </summary>
internal static class KeyTail
{
    private const string Keys = "123A456B789C*0#D";
    private const int WindowMs = 20;
    private const int StepMs = 5;

    // The recording ends when the key is known: the tone has begun a moment before and little follows it.
    private const int LongestMs = 400;
    private const int LongestRestMs = 100;

    // 20 ms tell tones 50 Hz apart; these hold nearly all of a key's energy and next to nothing of any speech, both of them together.
    private const double LeastShare = 0.75;
    private const double LeastOfEach = 0.1;

    private static readonly int[] s_rows = [697, 770, 852, 941];
    private static readonly int[] s_columns = [1209, 1336, 1477, 1633];

    /// <summary>Where the tone begins; the length of the recording when there is none.</summary>
    public static int Find(ReadOnlySpan<short> samples, int sampleRate, char key)
    {
        var index = Keys.IndexOf(key, StringComparison.Ordinal);
        var window = sampleRate * WindowMs / 1000;
        var step = sampleRate * StepMs / 1000;
        var earliest = Math.Max(0, samples.Length - (sampleRate * LongestMs / 1000));
        if (index < 0)
        {
            return samples.Length;
        }

        var begin = samples.Length;
        for (var at = samples.Length - window; at >= earliest; at -= step)
        {
            if (IsTone(samples.Slice(at, window), sampleRate, s_rows[index / 4], s_columns[index % 4]))
            {
                begin = at;
            }
            else if (begin < samples.Length || samples.Length - at - window > sampleRate * LongestRestMs / 1000)
            {
                break;
            }
        }

        // A window that begins a little before the tone is a tone as well: nothing before it is lost that lasts longer than a step.
        return begin;
    }

    private static bool IsTone(ReadOnlySpan<short> window, int sampleRate, int row, int column)
    {
        var total = 0.0;
        foreach (var sample in window)
        {
            total += (double)sample * sample;
        }

        var (low, high) = (Share(window, total, sampleRate, row), Share(window, total, sampleRate, column));
        return total > window.Length * 1000.0 && low > LeastOfEach && high > LeastOfEach && low + high > LeastShare;
    }

    /// <summary>The part of the energy that lies at a frequency (Goertzel).</summary>
    private static double Share(ReadOnlySpan<short> window, double total, int sampleRate, int hertz)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / sampleRate);
        double before = 0, last = 0;
        foreach (var sample in window)
        {
            (before, last) = (last, sample + (coefficient * last) - before);
        }

        var power = (last * last) + (before * before) - (coefficient * last * before);
        return total == 0 ? 0 : 2 * power / (window.Length * total);
    }
}
