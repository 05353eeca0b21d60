namespace Postbell.Media.Engine;

/// <summary>
/// Halves the rate of a stream from 16 to 8 kHz, cheaply: good enough to find touch tones in it, which lie below 1.7 kHz. What is above 5 kHz and would fold
/// down onto them is 15 dB lower and more.
/// </summary>
internal struct WideToNarrow
{
    private short _last;
    private short _beforeLast;

    /// <summary>Converts an even number of samples; returns how many it wrote.</summary>
    public int Convert(ReadOnlySpan<short> wide, Span<short> narrow)
    {
        var count = Math.Min(wide.Length / 2, narrow.Length);
        for (var i = 0; i < count; i++)
        {
            int first = wide[2 * i];
            int second = wide[(2 * i) + 1];
            narrow[i] = (short)((_beforeLast + (3 * (_last + first)) + second) / 8);
            (_beforeLast, _last) = ((short)first, (short)second);
        }

        return count;
    }
}
