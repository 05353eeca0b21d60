using Postbell.Media.Playback;
using Postbell.Media.Tests.Shaping;

namespace Postbell.Media.Tests.Playback;

public sealed class TimeStretchTests
{
    public static TheoryData<double, int> SpeedsAndRates => new(
        from speed in new[] { 0.5, 0.75, 0.9, 1.25, 1.5, 2.0 } from rate in new[] { 8000, 16000 } select (speed, rate));

    [Theory]
    [MemberData(nameof(SpeedsAndRates))]
    public void The_length_changes_and_the_pitch_does_not(double speed, int rate)
    {
        foreach (var hertz in new[] { 85.0, 120, 210, 440, 1000, 2700 })
        {
            var tone = Sounds.Tone(hertz, -12, 3, rate);
            var played = Play(tone, rate, speed);
            (played.Length / (tone.Length / speed)).ShouldBe(1, 0.02);
            (Frequency(played, rate) / hertz).ShouldBe(1, 0.01, $"{hertz} Hz");
        }
    }

    [Theory]
    [MemberData(nameof(SpeedsAndRates))]
    public void A_tone_stays_a_tone_without_clicks(double speed, int rate)
    {
        foreach (var hertz in new[] { 110.0, 333, 800, 1900 })
        {
            var tone = Sounds.Tone(hertz, -12, 2, rate);
            var played = Play(tone, rate, speed);
            var inner = played.AsSpan(rate / 10, played.Length - (rate / 5));
            Steepest(inner).ShouldBeLessThan(Steepest(tone) * 1.1, $"{hertz} Hz");
            Sounds.Db(inner).ShouldBe(-12, 1, $"{hertz} Hz");
        }
    }

    [Fact]
    public void What_people_say_keeps_its_pitch_its_loudness_and_gets_no_clicks()
    {
        foreach (var (name, speech) in Sounds.People(8).Where(p => p.Samples.Length > 12_000))
        {
            foreach (var speed in new[] { 0.5, 0.8, 1.4, 2.0 })
            {
                var played = Play(speech, 8000, speed);
                (played.Length / (speech.Length / speed)).ShouldBe(1, 0.02, name);
                Sounds.Db(played).ShouldBe(Sounds.Db(speech), 1.5, name);
                Steepest(played).ShouldBeLessThan(Steepest(speech) * 1.15, name);
                (MedianPitch(played) / MedianPitch(speech)).ShouldBe(1, 0.06, $"{name} at {speed}");
            }
        }
    }

    [Fact]
    public void At_speed_1_every_sample_passes_as_it_is()
    {
        var noise = Sounds.Noise(-20, 1);
        Play(noise, 8000, 1).ShouldBe(noise);
    }

    [Fact]
    public void Back_at_speed_1_the_sound_goes_on_without_a_seam()
    {
        var tone = Sounds.Tone(300, -12, 4);
        var stretch = new TimeStretch(Samples(tone, 8000), 0);
        var heard = new List<short>();
        foreach (var speed in new[] { 1, 1.5, 1, 0.5, 1, 2, 1 })
        {
            stretch.Speed = speed;
            for (var i = 0; i < 20; i++)
            {
                heard.AddRange(Hop(stretch));
            }
        }

        Steepest([.. heard]).ShouldBeLessThan(Steepest(tone) * 1.1);
    }

    [Fact]
    public void A_jump_makes_no_click()
    {
        var tone = Sounds.Tone(300, -12, 4);
        var stretch = new TimeStretch(Samples(tone, 8000), 0);
        var heard = new List<short>();
        for (var i = 0; i < 100; i++)
        {
            if (i % 7 == 3)
            {
                stretch.Jump(i * 7919 % 24_000);
            }

            heard.AddRange(Hop(stretch));
        }

        Steepest([.. heard]).ShouldBeLessThan(Steepest(tone) * 1.1);
    }

    [Fact]
    public void Clips_are_read_across_their_seams_and_silence_lies_outside()
    {
        short[] a = [1, 2, 3], b = [], c = [4, 5];
        var samples = new ClipSamples([a, b, c], 16000);
        samples.Length.ShouldBe(5);
        Span<float> read = stackalloc float[9];
        samples.Read(-2, read);
        read.ToArray().ShouldBe([0, 0, 1, 2, 3, 4, 5, 0, 0]);
        samples.Read(3, read[..2]);
        read[..2].ToArray().ShouldBe([4, 5]);
        samples.Read(100, read);
        read.ToArray().ShouldAllBe(s => s == 0);
        new ClipSamples(Array.Empty<ReadOnlyMemory<short>>(), 16000).Length.ShouldBe(0);
    }

    private static ClipSamples Samples(short[] samples, int rate) => new([samples.AsMemory()], rate);

    private static short[] Play(short[] samples, int rate, double speed)
    {
        var stretch = new TimeStretch(Samples(samples, rate), 0) { Speed = speed };
        var played = new List<short>();
        while (!stretch.IsOver)
        {
            played.AddRange(Hop(stretch));
        }

        return [.. played];
    }

    private static short[] Hop(TimeStretch stretch)
    {
        var hop = new float[stretch.HopSamples];
        stretch.Hop(hop);
        return Array.ConvertAll(hop, static s => (short)MathF.Round(s));
    }

    private static double Steepest(ReadOnlySpan<short> samples)
    {
        var steepest = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            steepest = Math.Max(steepest, Math.Abs(samples[i] - samples[i - 1]));
        }

        return steepest;
    }

    /// <summary>Of a tone, by the distance of its first and last rising zero crossing.</summary>
    private static double Frequency(short[] samples, int rate)
    {
        var crossings = new List<double>();
        for (var i = rate / 10; i < samples.Length - (rate / 10); i++)
        {
            if (samples[i - 1] < 0 && samples[i] >= 0)
            {
                crossings.Add(i - (samples[i] / (double)(samples[i] - samples[i - 1])));
            }
        }

        return (crossings.Count - 1) * rate / (crossings[^1] - crossings[0]);
    }

    /// <summary>Of a voice at 8 kHz: the median over its voiced frames, by autocorrelation.</summary>
    private static double MedianPitch(short[] samples)
    {
        var pitches = new List<double>();
        for (var at = 0; at + 480 < samples.Length; at += 80)
        {
            var frame = samples.AsSpan(at, 480);
            if (Sounds.Db(frame) < Sounds.Db(samples))
            {
                continue;
            }

            var (best, highest) = (0, 0.0);
            for (var lag = 20; lag <= 130; lag++)
            {
                double ab = 0, aa = 1, bb = 1;
                for (var i = 0; i < 320; i++)
                {
                    ab += frame[i] * (double)frame[i + lag];
                    aa += frame[i] * (double)frame[i];
                    bb += frame[i + lag] * (double)frame[i + lag];
                }

                var score = ab / Math.Sqrt(aa * bb);
                if (score > highest + 0.02)
                {
                    (best, highest) = (lag, score);
                }
            }

            if (highest > 0.85)
            {
                pitches.Add(8000.0 / best);
            }
        }

        pitches.Sort();
        return pitches.Count == 0 ? 1 : pitches[pitches.Count / 2];
    }
}
