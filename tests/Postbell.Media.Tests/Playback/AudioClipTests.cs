using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media.Tests.Playback;

public sealed class AudioClipTests
{
    [Fact]
    public void A_clip_is_companded_once_per_law_and_shared()
    {
        var clip = AudioClip.FromPcm(new PcmAudio(new short[1600], 16000));
        clip.Length.ShouldBe(800);
        clip.Duration.ShouldBe(TimeSpan.FromMilliseconds(100));
        clip.Encoded(G711Law.Mu).ShouldBe(clip.Encoded(G711Law.Mu));
        clip.Encoded(G711Law.A).Span[0].ShouldBe((byte)0xD5);
        clip.Encoded(G711Law.Mu).Span[0].ShouldBe((byte)0xFF);
    }

    [Fact]
    public void A_recording_is_played_as_it_came()
    {
        ReadOnlyMemory<byte> codes = new byte[] { 1, 2, 3, 200 };
        var clip = AudioClip.FromG711(codes, G711Law.A);
        clip.Encoded(G711Law.A).ShouldBe(codes);
        clip.Encoded(G711Law.Mu).Length.ShouldBe(4);
        clip.ToPcm().Samples.Span[3].ShouldBe(G711.Decode(200, G711Law.A));
    }

    [Fact]
    public void A_wav_file_becomes_a_clip_of_the_same_length()
    {
        var file = WavWriter.Pcm16(new PcmAudio(new short[44100], 44100));
        AudioClip.FromWav(file).Duration.ShouldBe(TimeSpan.FromSeconds(1));
        AudioClip.FromWav(new MemoryStream(file)).Length.ShouldBe(8000);
        Should.Throw<WavFormatException>(() => AudioClip.FromWav(new byte[10]));
    }

    [Fact]
    public void Sets_of_keys_hold_what_they_were_made_of()
    {
        var set = DigitSet.Of("1#a") | DigitSet.Of("*");
        set.Contains('1').ShouldBeTrue();
        set.Contains('A').ShouldBeTrue();
        set.Contains('2').ShouldBeFalse();
        set.ToString().ShouldBe("1*#A");
        DigitSet.None.IsEmpty.ShouldBeTrue();
        DigitSet.Any.ToString().Length.ShouldBe(16);
        Should.Throw<ArgumentException>(() => DigitSet.Of("x"));
    }
}
