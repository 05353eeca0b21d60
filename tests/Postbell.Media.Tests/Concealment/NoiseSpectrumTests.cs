using Postbell.Media.Concealment;

namespace Postbell.Media.Tests.Concealment;

/// <summary>Comfort noise with a spectrum (RFC 3389): what is described sounds alike when it is made again.</summary>
public sealed class NoiseSpectrumTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0)]
    [InlineData(-0.6)]
    public void Noise_made_again_has_the_colour_and_level_it_had(double colour)
    {
        var heard = Coloured(colour, 16_000);
        var payload = new byte[1 + NoiseSpectrum.SentOrder];
        payload[0] = 50;
        NoiseSpectrum.Write(heard, payload.AsSpan(1)).ShouldBe(NoiseSpectrum.SentOrder);
        var noise = new ComfortNoise(3);
        noise.Set(payload);
        var made = new short[16_000];
        noise.Fill(made);
        TestVoice.Level(made).ShouldBe(32_767 * Math.Pow(10, -50 / 20.0), 15);
        for (var lag = 1; lag <= 3; lag++)
        {
            Likeness(made, lag).ShouldBe(Likeness(heard, lag), 0.08, $"lag {lag}");
        }
    }

    [Fact]
    public void The_first_coefficient_is_low_for_noise_that_is_mostly_low()
    {
        var payload = new byte[NoiseSpectrum.SentOrder];
        NoiseSpectrum.Write(Coloured(0.9, 8000), payload);
        payload[0].ShouldBeInRange((byte)0, (byte)30);
        NoiseSpectrum.Write(Coloured(-0.9, 8000), payload);
        payload[0].ShouldBeInRange((byte)224, (byte)254);
        NoiseSpectrum.Write(new short[160], payload).ShouldBe(0);
    }

    [Fact]
    public void Any_bytes_give_noise_within_bounds()
    {
        var random = new Random(5);
        var sound = new short[400];
        for (var round = 0; round < 20_000; round++)
        {
            var payload = new byte[random.Next(0, 40)];
            random.NextBytes(payload);
            if (round % 3 == 0)
            {
                payload.AsSpan().Fill(round % 2 == 0 ? (byte)255 : (byte)0);
            }

            var noise = new ComfortNoise((uint)round);
            noise.Set(payload);
            noise.Fill(sound);
            TestVoice.Level(sound).ShouldBeLessThan(3 * ComfortNoise.Loudest);
        }
    }

    private static short[] Coloured(double colour, int count)
    {
        var random = new Random(2);
        var samples = new short[count];
        var last = 0.0;
        for (var i = 0; i < count; i++)
        {
            last = (last * colour) + random.Next(-100, 101);
            samples[i] = (short)last;
        }

        return samples;
    }

    private static double Likeness(ReadOnlySpan<short> sound, int lag) => TestVoice.Correlation(sound[..^lag], sound[lag..]);
}
