using FsCheck;
using FsCheck.Fluent;
using Postbell.Media.Shaping;

namespace Postbell.Media.Tests.Shaping;

/// <summary>Trimming: not one spoken frame is lost.</summary>
public sealed class SoundBoundsTests
{
    private const int Rate = 8000;
    private const int Frame = 160;

    [Fact]
    public void Silence_at_both_ends_goes_but_for_the_margins()
    {
        short[] sound = [.. Sounds.Silence(3), .. Sounds.Tone(500, -20, 2), .. Sounds.Silence(4)];
        var bounds = Find(sound);
        (bounds.Start / 8000.0).ShouldBe(2.75, 0.03);
        (bounds.End / 8000.0).ShouldBe(5.4, 0.06);
        bounds.Sound.TotalSeconds.ShouldBe(2, 0.1);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(-45)]
    [InlineData(-60)]
    public void Steady_noise_at_both_ends_goes_as_well(double noise)
    {
        var sound = Sounds.OverTheLine(Sounds.Mix(Sounds.Noise(noise, 10, colour: -1), Sounds.Tone(500, noise + 15, 2), 4 * Rate));
        var bounds = Find(sound);
        (bounds.Start / 8000.0).ShouldBe(3.75, 0.1);
        (bounds.End / 8000.0).ShouldBe(6.4, 0.1);
    }

    [Fact]
    public void A_recording_of_nothing_but_silence_or_noise_stays_whole()
    {
        foreach (var sound in new[] { [], Sounds.Silence(3), Sounds.Noise(-50, 5), Sounds.OverTheLine(Sounds.Noise(-66, 5)), Sounds.Tone(50, -30, 4) })
        {
            var bounds = Find(sound);
            (bounds.Start, bounds.End).ShouldBe((0, sound.Length));
            bounds.Sound.ShouldBe(TimeSpan.Zero);
        }
    }

    /// <summary>An s or f is 25 to 35 dB weaker than the vowel that follows and may begin 200 ms before it.</summary>
    [Theory]
    [InlineData(1, -45, -70)]
    [InlineData(1, -50, -58)]
    [InlineData(0, -52, -60)]
    [InlineData(1, -55, -70)]
    public void A_soft_consonant_before_and_behind_a_vowel_stays(int colour, double consonantDb, double noiseDb)
    {
        short[] consonant = Sounds.Noise(consonantDb, 0.3, seed: 5, colour: colour);
        short[] word = [.. consonant, .. Sounds.Tone(180, -20, 0.4), .. consonant];
        var sound = Sounds.OverTheLine(Sounds.Mix(Sounds.Noise(noiseDb, 8), word, 3 * Rate));
        var bounds = Find(sound);
        bounds.Start.ShouldBeLessThanOrEqualTo(3 * Rate);
        bounds.Start.ShouldBeGreaterThan(2 * Rate);
        bounds.End.ShouldBeGreaterThanOrEqualTo((3 * Rate) + word.Length);
        bounds.End.ShouldBeLessThan(5 * Rate);
    }

    [Fact]
    public void A_vowel_that_is_no_louder_than_the_noise_stays()
    {
        var sound = Sounds.OverTheLine(Sounds.Mix(Sounds.Noise(-40, 8), Sounds.Tone(300, -41, 0.5), 3 * Rate));
        var bounds = Find(sound);
        bounds.Start.ShouldBeInRange(2 * Rate, 3 * Rate);
        bounds.End.ShouldBeInRange((int)(3.5 * Rate), 5 * Rate);
    }

    [Fact]
    public void A_click_of_the_line_far_from_the_words_does_not_hold_the_silence()
    {
        var sound = Sounds.Mix(Sounds.Noise(-60, 12), Sounds.Tone(400, -22, 2), 5 * Rate);
        sound.AsSpan(2 * Rate, 40).Fill(9000);
        sound.AsSpan(10 * Rate, 40).Fill(-9000);
        var bounds = Find(sound);
        (bounds.Start / 8000.0).ShouldBe(4.75, 0.05);
        (bounds.End / 8000.0).ShouldBe(7.4, 0.05);
    }

    [Fact]
    public void A_plosive_that_follows_its_word_late_stays()
    {
        var sound = Sounds.Mix(Sounds.Noise(-60, 8), Sounds.Tone(400, -22, 1), 2 * Rate);
        sound = Sounds.Mix(sound, Sounds.Noise(-35, 0.02), (int)(3.3 * Rate));
        Find(sound).End.ShouldBeGreaterThan((int)(3.32 * Rate));
    }

    /// <summary>Every installed recording of a person, put into noise of every kind: each frame that stands out of the noise at all is kept.</summary>
    [Fact]
    public void Of_what_people_say_in_noise_no_audible_frame_is_lost()
    {
        var people = Sounds.People(20);
        double cut = 0, silent = 0;
        var lost = new List<string>();
        Parallel.ForEach(people, person =>
        {
            foreach (var (noiseDb, colour) in new[] { (-75.0, 0), (-60.0, 0), (-48.0, -1), (-40.0, 1), (-34.0, 0) })
            {
                foreach (var speechDb in new[] { -18.0, -30.0, -42.0 })
                {
                    var speech = Sounds.Gain(person.Samples, speechDb - Sounds.Db(person.Samples));
                    var noise = Sounds.Noise(noiseDb, 6 + (speech.Length / (double)Rate), seed: person.Name.Length, colour: colour);
                    var bounds = Find(Sounds.OverTheLine(Sounds.Mix(noise, speech, 3 * Rate)));
                    var (first, last) = Audible(speech, Math.Max(noiseDb, -62));
                    lock (lost)
                    {
                        silent += speech.Length > 0 ? 6 : 0;
                        cut += (bounds.Start + (noise.Length - bounds.End)) / (double)Rate;
                        if (first >= 0 && (bounds.Start > (3 * Rate) + first || bounds.End < (3 * Rate) + last))
                        {
                            lost.Add($"{person.Name} at {speechDb} in {noiseDb}/{colour}: kept {bounds.Start} to {bounds.End} of {(3 * Rate) + first} to {(3 * Rate) + last}");
                        }
                    }
                }
            }
        });

        lost.ShouldBeEmpty();
        // And it does its work: most of the silence goes.
        (cut / silent).ShouldBeGreaterThan(0.8);
    }

    [Fact]
    public void Bounds_hold_for_any_sound_anywhere() =>
        Prop.ForAll<int, NonNegativeInt, NonNegativeInt>((seed, before, behind) =>
        {
            var random = new Random(seed);
            var lead = before.Get * 97 % (5 * Rate);
            var tail = behind.Get * 89 % (5 * Rate);
            var noiseDb = -75 + (random.NextDouble() * 35);
            var word = Word(random, noiseDb + 12 + (random.NextDouble() * 15));
            var sound = Sounds.OverTheLine(Sounds.Mix(Sounds.Noise(noiseDb, (lead + word.Length + tail) / (double)Rate, seed), word, lead), seed % 2 == 0 ? G711Law.Mu : G711Law.A);
            var bounds = Find(sound);
            var inside = bounds.Start >= 0 && bounds.Start <= bounds.End && bounds.End <= sound.Length;
            return inside && bounds.Start <= lead && bounds.End >= Math.Min(sound.Length, lead + word.Length);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_trimmed_once_has_nothing_more_to_lose_but_silence_it_shares() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var sound = Sounds.Mix(Sounds.Noise(-60, 8, seed), Word(random, -30), 3 * Rate);
            var once = Find(sound);
            var twice = Find(sound[(int)once.Start..(int)once.End]);
            return twice.Start <= Frame && once.End - once.Start - twice.End <= Frame;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void How_the_samples_are_cut_into_blocks_does_not_matter() =>
        Prop.ForAll<int, PositiveInt>((seed, size) =>
        {
            var sound = Sounds.Mix(Sounds.Noise(-60, 3, seed), Word(new Random(seed), -25), Rate);
            var whole = Find(sound);
            var pieces = new SoundBounds(Rate);
            for (var rest = sound.AsSpan(); !rest.IsEmpty; rest = rest[Math.Min(size.Get, rest.Length)..])
            {
                pieces.Add(rest[..Math.Min(size.Get, rest.Length)]);
            }

            pieces.Find();
            return (pieces.Start, pieces.End) == (whole.Start, whole.End);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wideband_is_trimmed_in_the_same_places()
    {
        short[] sound = [.. Sounds.Silence(2, 16000), .. Sounds.Noise(-45, 0.2, colour: 1, rate: 16000), .. Sounds.Tone(400, -20, 1, 16000), .. Sounds.Silence(3, 16000)];
        var bounds = new SoundBounds(16000);
        bounds.Add(sound);
        bounds.Find();
        (bounds.Start / 16000.0).ShouldBe(1.75, 0.03);
        (bounds.End / 16000.0).ShouldBe(3.6, 0.06);
    }

    private static SoundBounds Find(short[] sound)
    {
        var bounds = new SoundBounds(Rate);
        bounds.Add(sound);
        bounds.Find();
        return bounds;
    }

    /// <summary>Syllables: tones and hisses of 60 to 300 ms with short pauses.</summary>
    private static short[] Word(Random random, double db)
    {
        var word = new List<short>();
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var seconds = 0.06 + (random.NextDouble() * 0.24);
            word.AddRange(random.Next(3) == 0 ? Sounds.Noise(db - 6, seconds, i, 1) : Sounds.Tone(random.Next(120, 3000), db, seconds));
            word.AddRange(Sounds.Silence(i == 1 ? 0 : 0.15 + (random.NextDouble() * 0.2)));
        }

        return [.. word];
    }

    /// <summary>The first and last sample of frames of speech that stand out of the noise: that which was added, and that of the recording itself.</summary>
    private static (int First, int Last) Audible(short[] speech, double noiseDb)
    {
        var (first, last) = (-1, -1);
        var own = Enumerable.Range(0, Math.Max(0, (speech.Length / Frame) - 10)).Min(i => Sounds.Db(speech.AsSpan(i * Frame, 10 * Frame)));
        noiseDb = Math.Max(noiseDb, own + 3);
        for (var i = 0; i + Frame <= speech.Length; i += Frame)
        {
            if (Sounds.Db(speech.AsSpan(i, Frame)) > noiseDb)
            {
                first = first < 0 ? i : first;
                last = i + Frame;
            }
        }

        return (first, last);
    }
}
