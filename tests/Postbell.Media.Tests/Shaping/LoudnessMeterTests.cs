using Postbell.Media.Shaping;

namespace Postbell.Media.Tests.Shaping;

/// <summary>The signals of EBU Tech 3341 as far as one channel carries them: a mono tone reads 3 LU less than the same in both ears.</summary>
public sealed class LoudnessMeterTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(48000)]
    public void A_tone_of_1_kHz_reads_its_level_at_every_sample_rate(int rate) =>
        Measure(Sounds.Tone(997, -23, 10, rate), rate).ShouldNotBeNull().ShouldBe(-23, 0.15);

    [Fact]
    public void Quiet_parts_do_not_count()
    {
        short[] sound = [.. Sounds.Tone(1000, -36, 10), .. Sounds.Tone(1000, -23, 60), .. Sounds.Tone(1000, -36, 10)];
        Measure(sound).ShouldNotBeNull().ShouldBe(-23, 0.15);
        short[] muted = [.. Sounds.Tone(1000, -72, 10), .. Sounds.Tone(1000, -36, 10), .. Sounds.Tone(1000, -23, 60), .. Sounds.Tone(1000, -36, 10), .. Sounds.Tone(1000, -72, 10)];
        Measure(muted).ShouldNotBeNull().ShouldBe(-23, 0.15);
    }

    [Fact]
    public void A_few_words_in_a_long_noisy_silence_read_as_loud_as_the_words()
    {
        short[] sound = [.. Sounds.Noise(-42, 60), .. Sounds.Tone(1000, -25, 4), .. Sounds.Noise(-42, 60, seed: 2)];
        Measure(sound).ShouldNotBeNull().ShouldBe(-25, 0.6);
    }

    [Fact]
    public void Silence_has_no_loudness_and_the_shortest_sound_has()
    {
        Measure([]).ShouldBeNull();
        Measure(Sounds.Silence(3)).ShouldBeNull();
        Measure(Sounds.Tone(1000, -20, 0.25)).ShouldNotBeNull().ShouldBe(-20, 0.3);
    }

    [Fact]
    public void How_the_samples_are_cut_into_blocks_does_not_matter()
    {
        var sound = Sounds.Noise(-20, 2);
        var meter = new LoudnessMeter(8000);
        for (var i = 0; i < sound.Length; i += 37)
        {
            meter.Add(sound.AsSpan(i, Math.Min(37, sound.Length - i)));
        }

        meter.Integrated().ShouldBe(Measure(sound));
    }

    private static double? Measure(short[] samples, int rate = 8000)
    {
        var meter = new LoudnessMeter(rate);
        meter.Add(samples);
        return meter.Integrated();
    }

}
