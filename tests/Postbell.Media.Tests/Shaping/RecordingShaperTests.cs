using Postbell.Core;
using Postbell.Media.Shaping;
using Postbell.Media.Tests.Tones;

namespace Postbell.Media.Tests.Shaping;

public sealed class RecordingShaperTests
{
    private const int Rate = 8000;

    [Theory]
    [InlineData(-38)]
    [InlineData(-30)]
    [InlineData(-12)]
    public void Quiet_and_loud_people_come_out_as_loud_as_each_other(double db)
    {
        foreach (var (name, samples) in Sounds.People(12).Where(p => p.Samples.Length > 2 * Rate))
        {
            var speech = Sounds.OverTheLine([.. Sounds.Gain(samples, db - Sounds.Db(samples)), .. Sounds.Noise(-66, 0.5)]);
            var shaped = Shape(speech, out var shape);
            shaped.Length.ShouldBe((int)shape.Length, name);
            Loudness(shaped).ShouldBe(RecordingAnalysis.TargetLufs, 2, name);
            shaped.Max(s => Math.Abs((int)s)).ShouldBeLessThanOrEqualTo((int)PeakLimiter.Ceiling + 1, name);
        }
    }

    [Fact]
    public void A_whisper_is_raised_by_no_more_than_the_bound()
    {
        Shape(Sounds.Mix(Bursts(-52), Sounds.Noise(-66, 6)), out var shape);
        shape.GainDb.ShouldBe(RecordingAnalysis.MostGainDb);
    }

    [Fact]
    public void Noise_alone_is_not_raised_to_a_roar()
    {
        foreach (var db in new[] { -70.0, -50, -40 })
        {
            var noise = Sounds.OverTheLine(Sounds.Noise(db, 10));
            var shaped = Shape(noise, out var shape);
            shape.GainDb.ShouldBe(0);
            shaped.ShouldBe(noise);
            // A line that is muted now and then does not make speech of its noise.
            Shape([.. Sounds.Silence(1), .. noise, .. Sounds.Silence(2), .. noise], out shape);
            shape.GainDb.ShouldBe(0);
        }
    }

    [Fact]
    public void Noise_under_quiet_speech_stays_below_its_bound()
    {
        Shape(Sounds.Mix(Bursts(-40), Sounds.Noise(-50, 6)), out var shape);
        shape.GainDb.ShouldBeInRange(6, 10);
    }

    [Fact]
    public void Quiet_speech_keeps_its_wave_form()
    {
        var speech = Bursts(-40);
        var shaped = Shape(speech, out var shape);
        var gain = Math.Pow(10, shape.GainDb / 20);
        var kept = speech.AsSpan((int)shape.Start, shaped.Length).ToArray();
        Enumerable.Range(0, shaped.Length).Max(i => Math.Abs(shaped[i] - (kept[i] * gain))).ShouldBeLessThanOrEqualTo(0.51);
    }

    [Fact]
    public void What_is_neither_wanted_nor_worth_it_leaves_every_sample_as_it_is()
    {
        var speech = Bursts(-40);
        RecordingShaper.Shape(new PcmAudio(speech, Rate), level: false, trim: false, key: null, out var whole).Samples.ToArray().ShouldBe(speech);
        whole.ShouldBe(RecordingShape.Whole(speech.Length));
        var trimmed = RecordingShaper.Shape(new PcmAudio(speech, Rate), level: false, trim: true, key: null, out var shape).Samples.ToArray();
        trimmed.ShouldBe(speech[(int)shape.Start..(int)shape.End]);
        shape.Start.ShouldBeGreaterThan(0);
        var levelled = RecordingShaper.Shape(new PcmAudio(speech, Rate), level: true, trim: false, key: null, out _);
        levelled.Samples.Length.ShouldBe(speech.Length);
        RecordingShaper.Shape(levelled, level: true, trim: false, key: null, out var again).ShouldBe(levelled);
        again.GainDb.ShouldBe(0);
        RecordingShaper.Shape(new PcmAudio(ReadOnlyMemory<short>.Empty, Rate), true, true, '#', out _).Samples.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void The_sound_of_the_key_that_ended_it_goes_and_only_that(int rate)
    {
        short[] press = [.. DtmfDetectorTests.Press('#', 60).Select(s => (short)(s / 2))];
        press = Resampler.Convert(new PcmAudio(press, 8000), rate).Samples.ToArray();
        var speech = Sounds.Mix(Sounds.Noise(-50, 2, rate: rate), Sounds.Tone(250, -18, 1.9, rate));
        short[] sound = [.. speech, .. press, .. new short[rate / 50]];
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: false, trim: true, key: '#', out var shape);
        ((shape.End - speech.Length) / (double)rate).ShouldBeInRange(-0.01, 0.005);
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: false, trim: true, key: '1', out shape);
        shape.End.ShouldBe(sound.Length);
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: true, trim: false, key: '#', out shape);
        shape.End.ShouldBe(sound.Length);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public void Keys_within_a_recording_that_went_on_go_as_well_and_nothing_else(int rate)
    {
        short[] Press(char key) => Resampler.Convert(new PcmAudio(DtmfDetectorTests.Press(key, 60), 8000), rate).Samples.ToArray();
        var one = TestVoice.Speak(2000, rate, seed: 1, pauses: false);
        var two = TestVoice.Speak(1000, rate, seed: 2, pauses: false);
        var three = TestVoice.Speak(1000, rate, seed: 3, pauses: false);
        short[] sound = [.. one, .. Press('#'), .. two, .. three];
        PressedKey[] keys =
        [
            new(TimeSpan.FromSeconds(one.Length / (double)rate) + TimeSpan.FromMilliseconds(60), '#'),
            new(TimeSpan.FromSeconds((sound.Length - three.Length) / (double)rate), '4'),
        ];
        var shaped = RecordingShaper.Shape(new PcmAudio(sound, rate), level: false, trim: true, key: null, out var shape, keys).Samples;
        var kept = shaped.Length / (double)rate;
        kept.ShouldBeInRange(4 - 0.7, 4.001);
        shape.End.ShouldBeInRange((long)(rate * 3.9), (long)(rate * 4.005));

        // What stands before the key and behind it is there sample by sample: the last words of the first part and the first of the second.
        IndexOf(shaped.Span, one.AsSpan(rate, rate / 2)).ShouldBeGreaterThanOrEqualTo(0);
        IndexOf(shaped.Span, two.AsSpan(0, rate / 2)).ShouldBeGreaterThanOrEqualTo(0);
        IndexOf(shaped.Span, three.AsSpan(0, rate / 2)).ShouldBeGreaterThanOrEqualTo(0);
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: true, trim: false, key: null, out shape, keys).Samples.Length.ShouldBe(sound.Length);

        // Positions that cannot be harm nothing.
        PressedKey[] wrong = [new(TimeSpan.FromSeconds(-3), '#'), new(TimeSpan.FromHours(3), '#'), new(TimeSpan.FromSeconds(1), '?')];
        RecordingShaper.Shape(new PcmAudio(sound, rate), level: false, trim: true, key: null, out _, wrong).Samples.Length.ShouldBeGreaterThan(rate * 3);
    }

    [Fact]
    public void Nothing_that_people_say_is_taken_for_the_key()
    {
        foreach (var (name, samples) in Sounds.People(60))
        {
            for (var end = samples.Length; end > 4000; end -= 1777)
            {
                foreach (var key in "#*0159")
                {
                    KeyTail.Find(samples.AsSpan(0, end), Rate, key).ShouldBe(end, name);
                }
            }
        }
    }

    private static int IndexOf(ReadOnlySpan<short> sound, ReadOnlySpan<short> part) => sound.IndexOf(part);

    private static short[] Bursts(double db)
    {
        var sound = Sounds.Silence(6);
        for (var at = 1.0; at < 4.5; at += 0.5)
        {
            sound = Sounds.Mix(sound, Sounds.Tone(400 + (100 * at), db, 0.4), (int)(at * Rate));
        }

        return sound;
    }

    private static short[] Shape(short[] samples, out RecordingShape shape) =>
        RecordingShaper.Shape(new PcmAudio(samples, Rate), level: true, trim: true, key: null, out shape).Samples.ToArray();

    private static double Loudness(short[] samples)
    {
        var meter = new LoudnessMeter(Rate);
        meter.Add(samples);
        return meter.Integrated()!.Value;
    }
}
