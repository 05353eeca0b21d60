using Postbell.Core;

namespace Postbell.Speech.Tests;

public class ResamplerTests
{
    [Theory]
    [InlineData(16000, 8000, 1000)]
    [InlineData(16000, 8000, 3400)]
    [InlineData(22050, 8000, 1000)]
    [InlineData(8000, 16000, 1000)]
    [InlineData(48000, 8000, 300)]
    public void A_tone_in_the_telephone_band_keeps_its_level_and_length(int from, int to, double frequency)
    {
        var result = Resampler.Convert(Sine(from, frequency), to);

        result.SampleRate.ShouldBe(to);
        result.Duration.TotalSeconds.ShouldBe(1.0, 0.001);
        Decibels(result, frequency).ShouldBe(Decibels(Sine(to, frequency), frequency), 0.1);
    }

    [Theory]
    [InlineData(4200)]
    [InlineData(5000)]
    [InlineData(7000)]
    public void What_8_kHz_cannot_carry_is_removed_and_not_folded_back(double frequency)
    {
        var result = Resampler.Convert(Sine(16000, frequency), 8000);

        Decibels(result, 8000 - frequency).ShouldBeLessThan(-65);
        result.Samples.Span[1000..7000].ToArray().Max(s => Math.Abs((int)s)).ShouldBeLessThan(10);
    }

    [Fact]
    public void Audio_that_has_the_rate_already_stays_as_it_is()
    {
        var audio = Sine(8000, 440);
        Resampler.Convert(audio, 8000).ShouldBeSameAs(audio);
        Resampler.Convert(new PcmAudio(Array.Empty<short>(), 16000), 8000).Samples.Length.ShouldBe(0);
    }

    private static PcmAudio Sine(int rate, double frequency) =>
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
