using FsCheck;
using FsCheck.Fluent;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Tests.Shaping;

namespace Postbell.Media.Tests.Engine;

/// <summary>What is speech and what is not: people always, tones of machines never.</summary>
public sealed class SpeechMeterTests
{
    [Theory]
    [InlineData("dial", 350, 440, 0, 0)]
    [InlineData("dial in Europe", 425, 0, 0, 0)]
    [InlineData("busy", 480, 620, 500, 500)]
    [InlineData("busy in Europe", 425, 0, 500, 500)]
    [InlineData("congestion", 480, 620, 250, 250)]
    [InlineData("congestion in Europe", 425, 0, 250, 250)]
    [InlineData("ring-back", 440, 480, 2000, 4000)]
    [InlineData("fax that calls", 1100, 0, 500, 3000)]
    [InlineData("fax that answers", 2100, 0, 3000, 0)]
    [InlineData("modem", 1200, 0, 0, 0)]
    [InlineData("hum", 50, 150, 0, 0)]
    [InlineData("hum in America", 60, 180, 0, 0)]
    [InlineData("high", 3100, 0, 0, 0)]
    public void Tones_of_machines_are_no_speech_from_their_beginning(string name, double one, double other, int onMs, int offMs)
    {
        foreach (var level in new[] { -9.0, -18, -28 })
        {
            foreach (var law in new[] { G711Law.Mu, G711Law.A })
            {
                var meter = Measure(Tone(15_000, level, one, other, onMs, offMs), law);
                meter.SpeechSamples.ShouldBe(0, $"{name} at {level} dB");
                meter.LastSpeechEnd.ShouldBe(0);
            }

            MeasureWide(Tone(15_000, level, one, other, onMs, offMs, 16_000)).SpeechSamples.ShouldBe(0, $"{name} at {level} dB, wide");
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(900)]
    [InlineData(2000)]
    public void A_short_tone_at_the_end_is_none_either(int milliseconds)
    {
        Measure([.. new short[4000], .. Tone(milliseconds, -15, 480, 620, 0, 0)]).SpeechSamples.ShouldBeLessThan(400 * 8);
        Measure([.. new short[4000], .. Tone(milliseconds, -15, 425, 0, 500, 500)]).SpeechSamples.ShouldBeLessThan(400 * 8);
    }

    [Fact]
    public void The_modulated_tone_of_a_modem_with_its_turns_of_phase_is_none()
    {
        var sound = Enumerable.Range(0, 8000 * 5)
            .Select(i => (short)(8000 * (i / 3600 % 2 == 0 ? 1 : -1) * (1 + (0.2 * Math.Sin(2 * Math.PI * 15 * i / 8000))) * Math.Sin(2 * Math.PI * 2100 * i / 8000))).ToArray();
        Measure(sound).SpeechSamples.ShouldBeLessThan(100 * 8);
    }

    [Fact]
    public void A_tone_behind_speech_leaves_the_end_of_speech_where_it_was()
    {
        short[] noise = Sounds.Noise(-60, 3);
        short[] speech = [.. noise, .. TestVoice.Speak(4000), .. noise];
        var plain = Measure(speech);
        var busy = Measure([.. speech, .. Tone(10_000, -12, 480, 620, 500, 500)]);
        busy.SpeechSamples.ShouldBe(plain.SpeechSamples);
        busy.LastSpeechEnd.ShouldBe(plain.LastSpeechEnd);
        var again = Measure([.. Tone(10_000, -12, 480, 620, 500, 500), .. speech]);
        again.SpeechSamples.ShouldBeInRange(plain.SpeechSamples * 9 / 10, plain.SpeechSamples * 11 / 10);
    }

    [Fact]
    public void Lost_packets_do_not_make_speech_of_a_tone()
    {
        var random = new Random(4);
        var codes = Code(Tone(30_000, -15, 425, 0, 0, 0), G711Law.A);
        var meter = new SpeechMeter();
        for (var at = 0; at < codes.Length; at += 160)
        {
            if (random.Next(50) == 0)
            {
                meter.AddSilence(160);
            }
            else
            {
                meter.Add(codes.AsSpan(at, 160), G711Law.A);
            }
        }

        meter.SpeechSamples.ShouldBeLessThan(8000);
        (meter.Position - meter.LastSpeechEnd).ShouldBeGreaterThan(40_000);
    }

    /// <summary>Not one block of recorded people, at three levels and in both laws, is taken for a tone.</summary>
    [Fact]
    public void Whatever_people_say_is_speech()
    {
        var people = TestVoice.Recorded().Where(p => Path.GetFileName(p.File) != "beep.wav").ToArray();
        Assert.SkipWhen(people.Length == 0, "no recorded speech on this machine (asterisk-core-sounds-en-wav, pocketsphinx-testdata)");
        var wrong = new List<string>();
        Parallel.ForEach(people, person =>
        {
            foreach (var gain in new[] { 0.0, -12, 9 })
            {
                var said = Sounds.Gain(person.Samples, gain);
                var meter = Measure(said, gain < 0 ? G711Law.A : G711Law.Mu);
                if (meter.ToneSamples > 0)
                {
                    lock (wrong)
                    {
                        wrong.Add($"{person.File} at {gain} dB: {meter.ToneSamples / 8} ms");
                    }
                }
            }
        });
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Singing_is_speech_however_long_a_note_is_held()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var sung = Sing(8000, 110 * Math.Pow(2, seed % 20 / 10.0), vibrato: seed % 3 == 0, seed);
            var meter = Measure(sung);
            meter.ToneSamples.ShouldBe(0, $"song {seed}");
            meter.SpeechSamples.ShouldBeGreaterThan(7500 * 8);
        }
    }

    [Fact]
    public void Speech_over_a_tone_that_is_softer_stays_speech()
    {
        var people = Sounds.People(40);
        var mixes = Gen.Choose(0, people.Count - 1).SelectMany(p => Gen.Choose(60, 3400).SelectMany(f => Gen.Choose(10, 30).Select(d => (p, f, d))));
        Prop.ForAll(mixes.ToArbitrary(), mix =>
        {
            var said = people[mix.p].Samples;
            var loud = Sounds.Db(said);
            var plain = Measure(said).SpeechSamples;
            var mixed = Measure(Sounds.Mix(said, Tone(said.Length / 8, loud - mix.d, mix.f, 0, 0, 0)));
            return (mixed.SpeechSamples >= Math.Min(plain, mixed.SpeechSamples + mixed.ToneSamples) * 7 / 10).Label($"{people[mix.p].Name}: {mixed.SpeechSamples / 8} of {plain / 8} ms, {mixed.ToneSamples / 8} of tone, {loud}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(17, 19));
    }

    [Fact]
    public void Any_pair_of_tones_is_silence_after_a_second()
    {
        var tones = Gen.Choose(60, 1940).SelectMany(one => Gen.Choose(60, 1940).SelectMany(other => Gen.Choose(-28, -8).Select(level => (one, other, level))))
            .Where(t => Math.Abs(t.one - t.other) > 80);
        Prop.ForAll(tones.ToArbitrary(), tone => Measure(Sounds.Mix(Tone(6000, tone.level, tone.one, tone.other, 0, 0), Sounds.Noise(tone.level - 30, 6))).SpeechSamples < 8000)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(5, 7));
    }

    internal static short[] Tone(int milliseconds, double db, double one, double other, int onMs, int offMs, int rate = 8000)
    {
        var peak = 32768 * Math.Pow(10, db / 20) * (other > 0 ? 1 : Math.Sqrt(2));
        var perMs = rate / 1000;
        return [.. Enumerable.Range(0, milliseconds * perMs).Select(i => onMs > 0 && i % ((onMs + offMs) * perMs) >= onMs * perMs
            ? (short)0
            : (short)(peak * (Math.Sin(2 * Math.PI * one * i / rate) + (other > 0 ? Math.Sin(2 * Math.PI * other * i / rate) : 0))))];
    }

    /// <summary>A held note: harmonics through a vowel, the pitch of which wanders and shivers as that of people does.</summary>
    internal static short[] Sing(int milliseconds, double pitch, bool vibrato, int seed)
    {
        var random = new Random(seed);
        var (phase, drift, level) = (0.0, 0.0, 0.0);
        return [.. Enumerable.Range(0, milliseconds * 8).Select(i =>
        {
            var t = i / 8000.0;
            drift += ((random.NextDouble() - 0.5) * 0.0006) - (drift * 0.0003);
            level += ((random.NextDouble() - 0.5) * 0.004) - (level * 0.0003);
            phase += 2 * Math.PI * pitch * (1 + drift + (vibrato ? 0.02 * Math.Sin(2 * Math.PI * 5.5 * t) : 0)) / 8000;
            var sum = 0.0;
            for (var h = 1; h * pitch < 3400; h++)
            {
                sum += Math.Sin(h * phase) / (1 + Math.Pow((h * pitch / 600) - 1, 2));
            }

            return (short)Math.Clamp(sum * 2500 * (1 + level), short.MinValue, short.MaxValue);
        })];
    }

    private static byte[] Code(short[] sound, G711Law law)
    {
        var codes = new byte[sound.Length];
        G711.Encode(sound, codes, law);
        return codes;
    }

    private static SpeechMeter Measure(short[] sound, G711Law law = G711Law.Mu)
    {
        var codes = Code(sound, law);
        var meter = new SpeechMeter();
        for (var at = 0; at < codes.Length; at += 160)
        {
            meter.Add(codes.AsSpan(at, Math.Min(160, codes.Length - at)), law);
        }

        meter.Conclude();
        return meter;
    }

    private static SpeechMeter MeasureWide(short[] sound)
    {
        var meter = new SpeechMeter();
        for (var at = 0; at < sound.Length; at += 320)
        {
            meter.Add(sound.AsSpan(at, Math.Min(320, sound.Length - at)));
        }

        meter.Conclude();
        return meter;
    }
}
