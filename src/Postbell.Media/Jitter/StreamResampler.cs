namespace Postbell.Media.Jitter;

/// <summary>Changes a running stream between 8 and 16 kHz by a half-band filter of 31 taps, or passes it on. About 1 ms of delay; allocates nothing.</summary>
internal sealed class StreamResampler
{
    private const int Taps = 31;
    private const int Half = Taps / 2;

    private static readonly float[] s_filter = MakeFilter();

    private readonly float[] _line = new float[Taps - 1 + 8192];

    /// <summary>Begins another stream.</summary>
    public void Reset() => Array.Clear(_line);

    /// <summary>Converts what comes next; returns the samples written.</summary>
    /// <param name="input">At most 4096 samples, an even number when the rate is halved.</param>
    /// <param name="from">Its rate, 8000 or 16000.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="to">Its rate, 8000 or 16000.</param>
    public int Convert(ReadOnlySpan<short> input, int from, Span<short> output, int to)
    {
        if (from == to)
        {
            input.CopyTo(output);
            return input.Length;
        }

        return from < to ? Double(input, output) : Halve(input, output);
    }

    private static float[] MakeFilter()
    {
        var filter = new float[Taps];
        var sum = 0f;
        for (var i = 0; i < Taps; i++)
        {
            var x = i - Half;
            var sinc = x == 0 ? 0.5 : Math.Sin(Math.PI * x / 2) / (Math.PI * x);
            filter[i] = (float)(sinc * (0.54 + (0.46 * Math.Cos(Math.PI * x / Half))));
            sum += filter[i];
        }

        return Array.ConvertAll(filter, t => t / sum);
    }

    private static short Clamp(float value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    private int Double(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i < input.Length; i++)
        {
            _line[Taps - 1 + (2 * i)] = input[i] * 2f;
            _line[Taps + (2 * i)] = 0;
        }

        var count = input.Length * 2;
        for (var i = 0; i < count; i++)
        {
            output[i] = Clamp(Filter(i));
        }

        Shift(count);
        return count;
    }

    private int Halve(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i < input.Length; i++)
        {
            _line[Taps - 1 + i] = input[i];
        }

        var count = input.Length / 2;
        for (var i = 0; i < count; i++)
        {
            output[i] = Clamp(Filter(2 * i));
        }

        Shift(input.Length);
        return count;
    }

    private float Filter(int at)
    {
        var sum = 0f;
        for (var k = 0; k < Taps; k++)
        {
            sum += s_filter[k] * _line[at + k];
        }

        return sum;
    }

    private void Shift(int count) => Array.Copy(_line, count, _line, 0, Taps - 1);
}
