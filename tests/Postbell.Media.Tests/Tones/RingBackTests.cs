using Postbell.Media.Tests.Engine;
using Postbell.Media.Tones;

namespace Postbell.Media.Tests.Tones;

public sealed class RingBackTests
{
    [Theory]
    [InlineData(null, 5000, new[] { 425 }, 1000)]
    [InlineData("DE", 5000, new[] { 425 }, 1000)]
    [InlineData("us", 6000, new[] { 440, 480 }, 2000)]
    [InlineData("GB", 3000, new[] { 400, 450 }, 400)]
    [InlineData("FR", 5000, new[] { 440 }, 1500)]
    public void Each_country_has_its_tones_and_cadence(string? country, int periodMs, int[] frequencies, int firstOnMs)
    {
        var tone = RingBackTones.For(country);
        tone.Duration.TotalMilliseconds.ShouldBe(periodMs, 1);
        var sound = tone.ToPcm().Samples.ToArray();
        TestVoice.Level(sound.AsSpan(400, (firstOnMs * 8) - 800)).ShouldBeGreaterThan(1000);
        TestVoice.Level(sound.AsSpan((firstOnMs * 8) + 80, 1000)).ShouldBe(0);
        foreach (var frequency in frequencies)
        {
            Power(sound.AsSpan(400, 2400), frequency).ShouldBeGreaterThan(20 * Power(sound.AsSpan(400, 2400), 620));
        }
    }

    [Fact]
    public async Task Music_is_played_again_and_again_until_somebody_ends_it()
    {
        using var rig = new EngineRig().Start();
        using var end = new CancellationTokenSource();
        PlayList music = ToneGenerator.Generate(TimeSpan.FromMilliseconds(100), -10, 800);
        music.IsLooped.ShouldBeFalse();
        var play = rig.Session.PlayAsync(music.Looped(), DigitSet.None, end.Token);
        rig.Run(1000);
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBeInRange(48, 51);
        rig.Run(10_000);
        play.IsCompleted.ShouldBeFalse();
        rig.Peer.Packets[7].Payload.ShouldBe(rig.Peer.Packets[2].Payload);
        end.Cancel();
        rig.Run(20);
        await Should.ThrowAsync<OperationCanceledException>(play);
    }

    [Fact]
    public async Task A_list_without_sound_ends_also_when_it_is_looped()
    {
        using var rig = new EngineRig().Start();
        (await rig.RunUntil(rig.Session.PlayAsync(new PlayList(AudioClip.Empty).Looped(), DigitSet.None, CancellationToken.None), 200)).End.ShouldBe(PlayEnd.Completed);
    }

    private static double Power(ReadOnlySpan<short> sound, double frequency)
    {
        double real = 0, imaginary = 0;
        for (var i = 0; i < sound.Length; i++)
        {
            real += sound[i] * Math.Cos(2 * Math.PI * frequency * i / 8000);
            imaginary += sound[i] * Math.Sin(2 * Math.PI * frequency * i / 8000);
        }

        return (real * real) + (imaginary * imaginary) + 1;
    }
}
