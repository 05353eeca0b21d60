using Postbell.Media.Concealment;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Concealment;

public sealed class WaveformConcealerTests
{
    [Theory]
    [InlineData(8000, 20, 0.75)]
    [InlineData(8000, 40, 0.45)]
    [InlineData(16000, 20, 0.75)]
    [InlineData(48000, 20, 0.75)]
    public void A_lost_part_of_a_voice_is_near_to_what_was_said(int sampleRate, int gapMs, double alike)
    {
        var voice = TestVoice.Speak(6000, sampleRate, pauses: false);
        var gap = gapMs * sampleRate / 1000;
        var (sum, count) = (0.0, 0);
        for (var at = sampleRate; at + gap + sampleRate < voice.Length; at += sampleRate / 7)
        {
            var concealer = new WaveformConcealer(sampleRate);
            concealer.Keep(voice.AsSpan(0, at));
            var fill = new short[gap];
            concealer.Conceal(fill, voice.AsSpan(at + gap, sampleRate / 50));
            sum += TestVoice.Correlation(fill, voice.AsSpan(at, gap));
            count++;
        }

        (sum / count).ShouldBeGreaterThan(alike);
    }

    [Fact]
    public void Recorded_people_lose_less_by_a_concealed_packet_than_by_a_silent_one()
    {
        var (silent, concealed, gaps) = (0.0, 0.0, 0);
        foreach (var (_, voice) in TestVoice.Recorded().Take(60))
        {
            var concealer = new WaveformConcealer(8000);
            for (var at = 800; at + 320 < voice.Length; at += 1600)
            {
                concealer.Reset();
                concealer.Keep(voice.AsSpan(0, at));
                var fill = new short[160];
                concealer.Conceal(fill, voice.AsSpan(at + 160, 160));
                silent += Error(new short[80], voice.AsSpan(at, 80));
                concealed += Error(fill.AsSpan(0, 80), voice.AsSpan(at, 80));
                gaps++;
            }
        }

        Assert.SkipWhen(gaps == 0, "no recorded speech on this machine (asterisk-core-sounds-en-wav, pocketsphinx-testdata)");

        // In the first 10 ms, of what silence would miss much is there; vowels, consonants and the beginnings of words all count.
        (concealed / silent).ShouldBeLessThan(0.65);
    }

    [Fact]
    public void The_fill_joins_on_both_sides_without_a_click()
    {
        var voice = TestVoice.Speak(3000, pauses: false);
        for (var at = 4000; at < 20_000; at += 397)
        {
            var concealer = new WaveformConcealer(8000);
            concealer.Keep(voice.AsSpan(0, at));
            var fill = new short[160];
            concealer.Conceal(fill, voice.AsSpan(at + 160, 160));
            short[] joined = [.. voice.AsSpan(at - 400, 400), .. fill, .. voice.AsSpan(at + 160, 400)];
            var steepest = Steepest(voice.AsSpan(at - 800, 1600));
            Steepest(joined.AsSpan(395, 10)).ShouldBeLessThanOrEqualTo(steepest * 1.2);
            Steepest(joined.AsSpan(555, 10)).ShouldBeLessThanOrEqualTo(steepest * 1.2);
        }
    }

    [Fact]
    public void A_long_gap_fades_to_silence_within_60_ms()
    {
        var concealer = new WaveformConcealer(8000);
        var voice = TestVoice.Speak(1000, pauses: false);
        concealer.Keep(voice);
        var fill = new short[1600];
        concealer.Conceal(fill);
        var levels = fill.Chunk(80).Select(c => TestVoice.Level(c)).ToArray();
        levels[0].ShouldBeGreaterThan(TestVoice.Level(voice.AsSpan(7840)) / 2);
        levels[4].ShouldBeLessThan(levels[0]);
        fill.AsSpan(480).ContainsAnyExcept((short)0).ShouldBeFalse();
        concealer.IsConcealing.ShouldBeTrue();
        concealer.Keep(voice);
        concealer.IsConcealing.ShouldBeFalse();
    }

    [Fact]
    public void A_long_gap_fades_into_comfort_noise_of_the_lines_level()
    {
        var noise = new ComfortNoise(7);
        var random = new Random(3);
        for (var i = 0; i < 100; i++)
        {
            noise.Learn([.. Enumerable.Range(0, 160).Select(_ => (short)random.Next(-60, 61))]);
        }

        noise.Learn(TestVoice.Speak(200, pauses: false));
        var concealer = new WaveformConcealer(8000, noise);
        concealer.Keep(TestVoice.Speak(1000, pauses: false));
        var fill = new short[8000];
        concealer.Conceal(fill);
        TestVoice.Level(fill.AsSpan(800)).ShouldBeInRange(25, 45);
    }

    [Theory]
    [InlineData(60, 32.8)]
    [InlineData(127, 0)]
    [InlineData(0, 327)]
    public void Comfort_noise_has_the_level_that_the_packet_names_but_is_never_loud(byte minusDb, double level)
    {
        var noise = new ComfortNoise(1);
        noise.Set([minusDb]);
        var sound = new short[16_000];
        noise.Fill(sound);
        TestVoice.Level(sound).ShouldBe(level, (level * 0.1) + 0.6);
    }

    [Fact]
    public void Without_anything_heard_before_it_is_silent()
    {
        var fill = new short[160];
        new WaveformConcealer(8000).Conceal(fill, TestVoice.Speak(20));
        TestVoice.Level(fill.AsSpan(0, 120)).ShouldBe(0);
    }

    [Fact]
    public void Concealing_allocates_nothing()
    {
        var concealer = new WaveformConcealer(8000, new ComfortNoise(1));
        var voice = TestVoice.Speak(100);
        var fill = new short[160];
        AllocationMeter.Least(5, _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                concealer.Keep(voice);
                concealer.Conceal(fill);
                concealer.Conceal(fill, voice);
            }
        }).ShouldBe(0);
    }

    private static double Error(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += Math.Pow(one[i] - other[i], 2);
        }

        return sum;
    }

    private static double Steepest(ReadOnlySpan<short> sound)
    {
        var steepest = 0;
        for (var i = 1; i < sound.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs(sound[i] - sound[i - 1]));
        }

        return steepest;
    }
}
