namespace Postbell.Core;

/// <summary>Changes the sample rate by a windowed-sinc polyphase filter: made for whole clips prepared ahead, not for streams.</summary>
public static class Resampler
{
    /// <summary>Lowest sample rate, in Hz.</summary>
    public const int MinRate = 4000;

    /// <summary>Highest sample rate, in Hz.</summary>
    public const int MaxRate = 192000;

    // Zero crossings of the sinc kept on each side; with the Kaiser window below: about 80 dB of stop band.
    private const int ZeroCrossings = 32;
    private const double KaiserBeta = 8;

    // The pass band ends a little below half the lower rate, so that the transition band does not fold back into speech.
    private const double PassBand = 0.94;

    /// <summary>The same audio at another rate; the input itself when it has the rate already.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate lies outside <see cref="MinRate"/> to <see cref="MaxRate"/>.</exception>
    public static PcmAudio Convert(PcmAudio audio, int sampleRate)
    {
        Check(audio.SampleRate);
        Check(sampleRate);
        if (audio.SampleRate == sampleRate)
        {
            return audio;
        }

        var divisor = Gcd(audio.SampleRate, sampleRate);
        var up = sampleRate / divisor;
        var down = audio.SampleRate / divisor;
        var output = new short[(int)(((long)audio.Samples.Length * up) / down)];
        Run(audio.Samples.Span, output, up, down);
        return new PcmAudio(output, sampleRate);
    }

    private static void Check(int rate)
    {
        if (rate is < MinRate or > MaxRate)
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Sample rates go from {MinRate} to {MaxRate} Hz.");
        }
    }

    private static void Run(ReadOnlySpan<short> input, Span<short> output, int up, int down)
    {
        var cutoff = PassBand * Math.Min(1.0, (double)up / down);
        var half = (int)Math.Ceiling(ZeroCrossings / cutoff);
        var phases = new float[up][];
        for (var n = 0; n < output.Length; n++)
        {
            var position = (long)n * down;
            var center = (int)(position / up);
            var phase = (int)(position % up);
            var taps = phases[phase] ??= Taps((double)phase / up, half, cutoff);
            var first = center - half + 1;
            var from = Math.Max(0, -first);
            var to = Math.Min(taps.Length, input.Length - first);
            var sum = 0f;
            for (var k = from; k < to; k++)
            {
                sum += taps[k] * input[first + k];
            }

            output[n] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }
    }

    private static float[] Taps(double fraction, int half, double cutoff)
    {
        var taps = new double[half * 2];
        var total = 0.0;
        for (var k = 0; k < taps.Length; k++)
        {
            var distance = k - half + 1 - fraction;
            var x = distance / half;
            var window = Math.Abs(x) >= 1 ? 0 : BesselI0(KaiserBeta * Math.Sqrt(1 - (x * x)));
            taps[k] = Sinc(distance * cutoff) * window;
            total += taps[k];
        }

        return Array.ConvertAll(taps, t => (float)(t / total));
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double BesselI0(double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= (x / (2 * k)) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
