namespace Postbell.Core.Tests;

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
        var output = Resampler.Convert(new PcmAudio(Sine(1000, rate, 8000, rate), rate), 8000).Samples.ToArray();
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
        var output = Resampler.Convert(new PcmAudio(Sine(frequency, rate, 8000, rate), rate), 8000).Samples.ToArray();
        Rms(output.Skip(200).Take(7600).Select(s => (double)s)).ShouldBeLessThan(8, "60 dB below the tone");
    }

    [Theory]
    [InlineData(16000, 8000, 1000)]
    [InlineData(16000, 8000, 3400)]
    [InlineData(22050, 8000, 1000)]
    [InlineData(8000, 16000, 1000)]
    [InlineData(48000, 8000, 300)]
    public void A_tone_in_the_telephone_band_keeps_its_level_and_length(int from, int to, double frequency)
    {
        var result = Resampler.Convert(Tone(from, frequency), to);

        result.SampleRate.ShouldBe(to);
        result.Duration.TotalSeconds.ShouldBe(1.0, 0.001);
        Decibels(result, frequency).ShouldBe(Decibels(Tone(to, frequency), frequency), 0.1);
    }

    [Theory]
    [InlineData(4200)]
    [InlineData(5000)]
    [InlineData(7000)]
    public void What_8_kHz_cannot_carry_is_removed_and_not_folded_back(double frequency)
    {
        var result = Resampler.Convert(Tone(16000, frequency), 8000);

        Decibels(result, 8000 - frequency).ShouldBeLessThan(-65);
        result.Samples.Span[1000..7000].ToArray().Max(s => Math.Abs((int)s)).ShouldBeLessThan(10);
    }

    [Fact]
    public void Full_scale_does_not_wrap_round()
    {
        var square = new short[4800];
        for (var i = 0; i < square.Length; i++)
        {
            square[i] = i / 24 % 2 == 0 ? short.MaxValue : short.MinValue;
        }

        var output = Resampler.Convert(new PcmAudio(square, 48000), 8000).Samples.Span;
        for (var i = 1; i < output.Length - 1; i++)
        {
            (output[i - 1] > 20000 && output[i] < -20000 && output[i + 1] > 20000).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_same_rate_costs_nothing_and_impossible_rates_are_refused()
    {
        var audio = new PcmAudio(new short[] { 1, 2, 3 }, 8000);
        Resampler.Convert(audio, 8000).ShouldBeSameAs(audio);
        Resampler.Convert(new PcmAudio(Array.Empty<short>(), 16000), 8000).Samples.Length.ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => Resampler.Convert(new PcmAudio(audio.Samples, 0), 8000));
        Should.Throw<ArgumentOutOfRangeException>(() => Resampler.Convert(audio, 1_000_000));
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

    private static PcmAudio Tone(int rate, double frequency) =>
        new(Enumerable.Range(0, rate).Select(i => (short)(16384 * Math.Sin(2 * Math.PI * frequency * i / rate))).ToArray(), rate);

    // Level of one frequency in dB below full scale (Goertzel), away from the edges.
    private static double Decibels(PcmAudio audio, double frequency)
    {
        var middle = audio.Samples.Span[(audio.Samples.Length / 4)..(audio.Samples.Length * 3 / 4)];
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < middle.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / audio.SampleRate;
            real += middle[i] * Math.Cos(angle);
            imaginary += middle[i] * Math.Sin(angle);
        }

        return 20 * Math.Log10((2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / middle.Length / 32768) + 1e-9);
    }
}
