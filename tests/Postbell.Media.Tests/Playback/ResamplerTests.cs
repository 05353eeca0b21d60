using Postbell.Media.Playback;

namespace Postbell.Media.Tests.Playback;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(4000)]
    [InlineData(11025)]
    [InlineData(16000)]
    [InlineData(22050)]
    [InlineData(44100)]
    [InlineData(48000)]
    [InlineData(44101)]
    public void Speech_frequencies_pass_unchanged(int rate)
    {
        var output = Resampler.Resample(Sine(1000, rate, 8000, rate), rate, 8000).ToArray();
        output.Length.ShouldBe(8000);
        var expected = Sine(1000, 8000, 8000, 8000).ToArray();
        Rms(output.Zip(expected, (a, b) => (double)(a - b)).Skip(200).Take(7600)).ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(16000, 5000)]
    [InlineData(44100, 4700)]
    [InlineData(48000, 9000)]
    [InlineData(48000, 15500)]
    public void What_a_telephone_cannot_carry_does_not_fold_back(int rate, int frequency)
    {
        var output = Resampler.Resample(Sine(frequency, rate, 8000, rate), rate, 8000).ToArray();
        Rms(output.Skip(200).Take(7600).Select(s => (double)s)).ShouldBeLessThan(8, "60 dB below the tone");
    }

    [Fact]
    public void Full_scale_does_not_wrap_round()
    {
        var square = new short[4800];
        for (var i = 0; i < square.Length; i++)
        {
            square[i] = i / 24 % 2 == 0 ? short.MaxValue : short.MinValue;
        }

        var output = Resampler.Resample(square, 48000, 8000).Span;
        for (var i = 1; i < output.Length - 1; i++)
        {
            (output[i - 1] > 20000 && output[i] < -20000 && output[i + 1] > 20000).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_same_rate_costs_nothing_and_impossible_rates_are_refused()
    {
        ReadOnlyMemory<short> samples = new short[] { 1, 2, 3 };
        Resampler.Resample(samples, 8000, 8000).ShouldBe(samples);
        Should.Throw<ArgumentOutOfRangeException>(() => Resampler.Resample(samples, 0, 8000));
        Should.Throw<ArgumentOutOfRangeException>(() => Resampler.Resample(samples, 8000, 1_000_000));
    }

    private static ReadOnlyMemory<short> Sine(double frequency, int rate, double amplitude, int count)
    {
        var samples = new short[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * frequency * i / rate));
        }

        return samples;
    }

    private static double Rms(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v));
}
