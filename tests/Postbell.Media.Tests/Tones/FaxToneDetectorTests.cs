using Postbell.Media.Tests.Engine;
using Postbell.Media.Tests.Shaping;
using Postbell.Media.Tones;

namespace Postbell.Media.Tests.Tones;

public sealed class FaxToneDetectorTests
{
    [Fact]
    public void A_calling_fax_is_heard_at_its_first_tone_within_the_tolerances()
    {
        foreach (var hertz in new[] { 1063.0, 1100, 1137 })
        {
            foreach (var ms in new[] { 430, 500, 570 })
            {
                foreach (var level in new[] { -8.0, -25, -40 })
                {
                    for (var shift = 0; shift < 160; shift += 37)
                    {
                        short[] sound = [.. new short[1600 + shift], .. SpeechMeterTests.Tone(ms, level, hertz, 0, 0, 0), .. new short[4000]];
                        Heard(sound).ShouldBe([FaxTone.Calling], $"{hertz} Hz, {ms} ms, {level} dB");
                    }
                }
            }
        }
    }

    [Fact]
    public void An_answering_fax_is_heard_with_and_without_turns_of_phase()
    {
        foreach (var hertz in new[] { 2086.0, 2100, 2114 })
        {
            Heard([.. new short[900], .. SpeechMeterTests.Tone(3000, -20, hertz, 0, 0, 0), .. new short[900]]).ShouldBe([FaxTone.Answering]);
        }

        Heard([.. Enumerable.Range(0, 8000 * 3).Select(i =>
            (short)(6000 * (i / 3600 % 2 == 0 ? 1 : -1) * (1 + (0.2 * Math.Sin(2 * Math.PI * 15 * i / 8000))) * Math.Sin(2 * Math.PI * 2100 * i / 8000)))])
            .ShouldBe([FaxTone.Answering]);
    }

    [Fact]
    public void They_are_heard_in_noise_20_dB_below_them()
    {
        short[] calling = [.. new short[8000], .. SpeechMeterTests.Tone(500, -15, 1100, 0, 0, 0), .. new short[8000]];
        Heard(Sounds.Mix(calling, Sounds.Noise(-35, 2.5))).ShouldBe([FaxTone.Calling]);
        Heard(Sounds.Mix(SpeechMeterTests.Tone(3000, -15, 2100, 0, 0, 0), Sounds.Noise(-35, 3))).ShouldBe([FaxTone.Answering]);
    }

    [Fact]
    public void Other_tones_keys_and_music_are_none()
    {
        foreach (var (one, other) in new[] { (350.0, 440.0), (425, 0), (480, 620), (440, 480), (1000, 0), (1200, 0), (1000, 1100), (1100, 2100), (2000, 0), (2200, 0), (950, 0) })
        {
            Heard(SpeechMeterTests.Tone(8000, -12, one, other, 500, 3000)).ShouldBeEmpty($"{one} + {other}");
            Heard(SpeechMeterTests.Tone(4000, -12, one, other, 0, 0)).ShouldBeEmpty($"{one} + {other}");
        }

        foreach (var ms in new[] { 100, 300, 800, 3000 })
        {
            Heard([.. new short[1600], .. SpeechMeterTests.Tone(ms, -12, 1100, 0, 0, 0), .. new short[8000]]).ShouldBeEmpty($"{ms} ms");
        }

        foreach (var key in "123A456B789C*0#D")
        {
            Heard([.. DtmfDetectorTests.Press(key, 500), .. new short[8000], .. DtmfDetectorTests.Press(key, 3000)]).ShouldBeEmpty($"{key}");
        }

        // A melody of pure notes with C sharp (1109 Hz) in its midst, and songs.
        double[] melody = [880, 987.8, 1108.7, 1174.7, 1108.7, 987.8, 2093, 1108.7, 880];
        Heard([.. melody.SelectMany(note => SpeechMeterTests.Tone(500, -12, note, 0, 0, 0))]).ShouldBeEmpty();
        for (var seed = 0; seed < 10; seed++)
        {
            Heard(SpeechMeterTests.Sing(4000, seed % 2 == 0 ? 1100 : 550, vibrato: seed % 3 == 0, seed)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Nothing_that_people_say_is_a_fax_tone()
    {
        var people = TestVoice.Recorded().ToArray();
        Assert.SkipWhen(people.Length == 0, "no recorded speech on this machine (asterisk-core-sounds-en-wav, pocketsphinx-testdata)");
        var wrong = new List<string>();
        Parallel.ForEach(people, person =>
        {
            foreach (var gain in new[] { 0.0, -12, 9 })
            {
                if (Heard(Sounds.Gain(person.Samples, gain)).Count > 0)
                {
                    lock (wrong)
                    {
                        wrong.Add($"{person.File} at {gain} dB");
                    }
                }
            }
        });
        wrong.ShouldBeEmpty();
    }

    private static List<FaxTone> Heard(short[] sound)
    {
        var line = Sounds.OverTheLine(sound);
        var detector = new FaxToneDetector();
        var heard = new List<FaxTone>();
        for (var at = 0; at + FaxToneDetector.BlockSamples <= line.Length; at += FaxToneDetector.BlockSamples)
        {
            if (detector.Add(line.AsSpan(at, FaxToneDetector.BlockSamples)) is { } tone)
            {
                heard.Add(tone);
            }
        }

        return heard;
    }
}
