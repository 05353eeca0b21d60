namespace Postbell.Media.Concealment;

/// <summary>
/// The spectrum of noise in comfort noise packets (RFC 3389, 3): reflection coefficients of an all-pole model, a byte each. The first is negative where
/// neighbouring samples are alike, as of noise that is mostly low.
/// </summary>
internal static class NoiseSpectrum
{
    /// <summary>Most coefficients used or sent.</summary>
    public const int MaxOrder = 12;

    /// <summary>Coefficients that we send: a room or a line has no finer shape.</summary>
    public const int SentOrder = 6;

    private const int Middle = 127;
    private const int MostIndex = 254;
    private const float Step = 258f / 32768;

    /// <summary>Reads coefficients; returns how many.</summary>
    /// <param name="bytes">The payload behind the level.</param>
    /// <param name="reflections">Room for <see cref="MaxOrder"/> of them.</param>
    /// <param name="gain">Amplitude of white noise that makes noise of amplitude 1 by them.</param>
    public static int Read(ReadOnlySpan<byte> bytes, Span<float> reflections, out float gain)
    {
        var order = Math.Min(bytes.Length, MaxOrder);
        var energy = 1f;
        for (var i = 0; i < order; i++)
        {
            // At most one: 127 steps of 258 / 32768. What is not a coefficient (255) is taken for the last.
            reflections[i] = Math.Clamp((Math.Min(bytes[i], (byte)MostIndex) - Middle) * Step, -0.999f, 0.999f);
            energy *= 1 - (reflections[i] * reflections[i]);
        }

        gain = MathF.Sqrt(energy);
        return order;
    }

    /// <summary>Writes the spectrum of some noise, <see cref="SentOrder"/> bytes; returns how many: 0 when there is nothing to describe.</summary>
    public static int Write(ReadOnlySpan<short> noise, Span<byte> target)
    {
        Span<float> correlations = stackalloc float[SentOrder + 1];
        for (var lag = 0; lag <= SentOrder; lag++)
        {
            var sum = 0f;
            for (var i = lag; i < noise.Length; i++)
            {
                sum += noise[i] * (float)noise[i - lag];
            }

            correlations[lag] = sum;
        }

        // A little white noise keeps the model well away from the edge of stability.
        correlations[0] *= 1.001f;
        if (correlations[0] < noise.Length)
        {
            return 0;
        }

        Span<float> reflections = stackalloc float[SentOrder];
        Levinson(correlations, reflections);
        for (var i = 0; i < SentOrder; i++)
        {
            target[i] = (byte)Math.Clamp((int)MathF.Round(reflections[i] / Step) + Middle, 0, MostIndex);
        }

        return SentOrder;
    }

    private static void Levinson(ReadOnlySpan<float> correlations, Span<float> reflections)
    {
        Span<float> predictor = stackalloc float[SentOrder + 1];
        Span<float> before = stackalloc float[SentOrder + 1];
        predictor.Clear();
        predictor[0] = 1;
        var error = correlations[0];
        for (var order = 1; order <= SentOrder; order++)
        {
            var sum = 0f;
            for (var i = 0; i < order; i++)
            {
                sum += predictor[i] * correlations[order - i];
            }

            var reflection = error > 0 ? Math.Clamp(-sum / error, -0.999f, 0.999f) : 0;
            reflections[order - 1] = reflection;
            predictor.CopyTo(before);
            for (var i = 1; i <= order; i++)
            {
                predictor[i] = before[i] + (reflection * before[order - i]);
            }

            error *= 1 - (reflection * reflection);
        }
    }
}
