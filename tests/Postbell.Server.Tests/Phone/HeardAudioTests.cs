using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Codecs;
using Postbell.Media.Tones;
using Postbell.Server.Phone;

namespace Postbell.Server.Tests.Phone;

public sealed class HeardAudioTests
{
    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void The_beep_is_found_where_it_is_and_ends_the_waiting(G711Law law)
    {
        var heard = new HeardAudio(TimeSpan.FromSeconds(10));
        Feed(heard, law, AudioClip.Silence(TimeSpan.FromSeconds(1)));
        Feed(heard, law, Tone.Beep);
        heard.FirstBeep.IsCompleted.ShouldBeFalse();
        Feed(heard, law, AudioClip.Silence(TimeSpan.FromSeconds(1)));
        heard.FirstBeep.IsCompleted.ShouldBeTrue();
        var beep = heard.Beeps.ShouldHaveSingleItem();
        beep.At.ShouldBe(1.0, 0.03);
        beep.Seconds.ShouldBe(0.4, 0.05);
        beep.Hertz.ShouldBe(1000, 50);
        heard.Audio.Duration.ShouldBe(TimeSpan.FromSeconds(2.4));
    }

    [Fact]
    public void Two_tones_at_once_noise_and_short_clicks_are_no_beep()
    {
        var heard = new HeardAudio(TimeSpan.FromSeconds(10));
        Feed(heard, G711Law.Mu, ToneGenerator.Generate(TimeSpan.FromSeconds(1), -12, 697, 1209));
        Feed(heard, G711Law.Mu, Noise(seed: 1));
        Feed(heard, G711Law.Mu, ToneGenerator.Generate(TimeSpan.FromMilliseconds(80), -12, 1000));
        Feed(heard, G711Law.Mu, AudioClip.Silence(TimeSpan.FromSeconds(1)));
        heard.Beeps.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_longer_than_the_limit_is_left_out()
    {
        var heard = new HeardAudio(TimeSpan.FromSeconds(1));
        Feed(heard, G711Law.Mu, AudioClip.Silence(TimeSpan.FromSeconds(3)));
        heard.Audio.Duration.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Levels_tell_loud_from_silent()
    {
        var samples = new short[8000];
        samples.AsSpan(4000).Fill(short.MaxValue / 2);
        SoundLevels.Of(new PcmAudio(samples, 8000)).ShouldBe([-96, -96, -6.0, -6.0]);
        SoundLevels.Draw([-96, -6.0]).ShouldBe(" █");
    }

    private static AudioClip Noise(int seed)
    {
        var random = new Random(seed);
        return AudioClip.FromPcm(new PcmAudio(Enumerable.Range(0, 8000).Select(_ => (short)random.Next(-8000, 8000)).ToArray(), 8000));
    }

    private static void Feed(HeardAudio heard, G711Law law, AudioClip clip)
    {
        var codes = clip.Encoded(law).Span;
        for (; codes.Length > 0; codes = codes[Math.Min(160, codes.Length)..])
        {
            heard.Append(codes[..Math.Min(160, codes.Length)], law);
        }
    }
}
