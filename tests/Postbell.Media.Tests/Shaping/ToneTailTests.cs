using Postbell.Core;
using Postbell.Media.Shaping;

namespace Postbell.Media.Tests.Shaping;

/// <summary>The tone of a line after the caller hung up goes from the end of a message; nothing anybody said does.</summary>
public sealed class ToneTailTests
{
    [Theory]
    [InlineData(425, 0, 480, 480, 8000)]
    [InlineData(425, 0, 250, 250, 8000)]
    [InlineData(480, 620, 500, 500, 8000)]
    [InlineData(350, 440, 5000, 0, 8000)]
    [InlineData(425, 0, 480, 480, 16000)]
    public void Tones_at_the_end_go(int one, int other, int onMs, int offMs, int rate)
    {
        var speech = TestVoice.Speak(4000, rate);
        short[] sound = [.. speech, .. new short[rate / 3], .. Tone(one, other, onMs, offMs, 5, rate)];
        var end = ToneTail.Find(sound, rate) / (double)rate;
        end.ShouldBeInRange(4.25, 4.5);
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: false, trim: true, key: null, out var shape);
        (shape.End / (double)rate).ShouldBeLessThan(4.5);
    }

    [Fact]
    public void Tones_before_and_between_words_stay_and_so_does_a_message_of_nothing_else()
    {
        var tone = Tone(425, 0, 480, 480, 4, 8000);
        var speech = TestVoice.Speak(3000);
        short[] before = [.. tone, .. speech];
        ToneTail.Find(before, 8000).ShouldBe(before.Length);
        short[] between = [.. speech, .. tone, .. speech];
        ToneTail.Find(between, 8000).ShouldBe(between.Length);
        ToneTail.Find(tone, 8000).ShouldBe(tone.Length);
        ToneTail.Find(speech, 8000).ShouldBe(speech.Length);
        ToneTail.Find([], 8000).ShouldBe(0);

        // A short word behind it is enough.
        short[] word = [.. speech, .. tone, .. new short[4000], .. TestVoice.Speak(250)];
        ToneTail.Find(word, 8000).ShouldBe(word.Length);
    }

    /// <summary>Recorded people, with tones of all levels right behind their last word and some way behind it, in quiet and in noise.</summary>
    [Fact]
    public void Nothing_that_people_say_is_lost()
    {
        var random = new Random(3);
        var cut = 0;
        foreach (var (name, samples) in Sounds.People(60))
        {
            if (samples.Length < 8000)
            {
                continue;
            }

            ToneTail.Find(samples, 8000).ShouldBe(samples.Length, name);
            var said = LastWord(samples);
            var level = random.Next(500, 12_000);
            short[] sound = [.. samples.AsSpan(0, said), .. new short[random.Next(3) * 4000], .. Tone(425, 0, 480, 480, 5, 8000, level)];
            for (var i = 0; i < sound.Length && random.Next(2) == 0; i++)
            {
                sound[i] += (short)random.Next(-40, 41);
            }

            var end = ToneTail.Find(sound, 8000);
            end.ShouldBeGreaterThanOrEqualTo(said, name);
            cut += end < sound.Length ? 1 : 0;
        }

        if (cut > 0)
        {
            cut.ShouldBeGreaterThan(10);
        }
    }

    private static int LastWord(short[] samples)
    {
        for (var at = samples.Length - 160; at > 0; at -= 160)
        {
            if (TestVoice.Level(samples.AsSpan(at, 160)) > 150)
            {
                return at + 160;
            }
        }

        return samples.Length;
    }

    private static short[] Tone(int one, int other, int onMs, int offMs, int seconds, int rate, double level = 6000)
    {
        var sound = new short[seconds * rate];
        for (var i = 0; i < sound.Length; i++)
        {
            var isOn = i * 1000L / rate % (onMs + offMs) < onMs;
            var value = Math.Sin(2 * Math.PI * one * i / rate) + (other == 0 ? 0 : Math.Sin(2 * Math.PI * other * i / rate));
            sound[i] = isOn ? (short)(level * value / (other == 0 ? 1 : 2)) : (short)0;
        }

        return sound;
    }
}
