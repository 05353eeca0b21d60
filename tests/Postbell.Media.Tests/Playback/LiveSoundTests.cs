using Postbell.Media.Playback;
using Postbell.Media.Shaping;
using Postbell.Media.Tests.Shaping;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Playback;

public sealed class LiveSoundTests
{
    private const int Packet = 160;

    [Fact]
    public void It_goes_on_at_the_very_next_sample_and_to_the_last()
    {
        var noise = Sounds.Noise(-20, 1);
        var sound = Of(noise, 1234);
        sound.Position.ShouldBe(1234);
        var heard = Play(sound);
        heard.AsSpan(0, noise.Length - 1234).ToArray().ShouldBe(noise[1234..]);
        heard.AsSpan(noise.Length - 1234).ToArray().ShouldAllBe(s => s == 0);
        sound.Position.ShouldBe(noise.Length);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(6)]
    [InlineData(-20)]
    public void A_volume_is_heard_within_two_packets_and_never_clips(double db)
    {
        var tone = Sounds.Tone(400, -10, 1);
        var sound = Of(tone, 0);
        Fill(sound, 5);
        sound.Change(1, db, paused: false);
        var transition = Fill(sound, 2);
        var heard = Fill(sound, 20);
        Sounds.Db(heard).ShouldBe(db > 7 ? 20 * Math.Log10(PeakLimiter.Ceiling / 32768) - 3.01 : db - 10, 0.6);
        heard.Max(s => Math.Abs((int)s)).ShouldBeLessThanOrEqualTo((int)PeakLimiter.Ceiling + 1);
        Steepest([.. transition, .. heard]).ShouldBeLessThan(PeakLimiter.Ceiling * 2 * Math.PI * 400 / 8000 * 1.15);
    }

    [Fact]
    public void A_pause_fades_out_and_loses_nothing()
    {
        var tone = Sounds.Tone(400, -10, 2);
        var sound = Of(tone, 0);
        List<short> heard = [.. Fill(sound, 10)];
        sound.Change(1, 0, paused: true);
        sound.IsSilent.ShouldBeFalse();
        heard.AddRange(Fill(sound, 1));
        sound.IsSilent.ShouldBeTrue();
        var at = sound.Position;
        at.ShouldBeInRange((10 * Packet) + 1, 11 * Packet);
        Fill(sound, 5).ShouldAllBe(s => s == 0);
        sound.Position.ShouldBe(at);
        sound.Change(1, 0, paused: false);
        heard.AddRange(Fill(sound, 10));
        Steepest([.. heard]).ShouldBeLessThan(Steepest(tone) * 1.1);
    }

    [Fact]
    public void A_jump_is_heard_in_the_next_packet_without_a_click()
    {
        short[] two = [.. Sounds.Tone(300, -10, 1), .. Sounds.Tone(500, -10, 1)];
        var sound = Of(two, 0);
        List<short> heard = [.. Fill(sound, 10)];
        sound.Jump(8000);
        heard.AddRange(Fill(sound, 3));
        sound.Position.ShouldBeInRange(8000, 8000 + (3 * Packet));
        Steepest([.. heard]).ShouldBeLessThan(Steepest(two) * 1.2);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void The_position_runs_as_fast_as_the_sound(double speed)
    {
        var sound = Of(Sounds.Tone(300, -10, 10), 0);
        sound.Change(speed, 0, paused: false);
        Fill(sound, 100);
        (sound.Position / 8000.0).ShouldBe(2 * speed, 0.03);
    }

    [Fact]
    public void It_comes_back_from_behind_the_end()
    {
        var sound = Of(Sounds.Tone(300, -10, 0.5), 0);
        Play(sound);
        sound.IsOver.ShouldBeTrue();
        sound.Jump(0);
        sound.IsOver.ShouldBeFalse();
        Sounds.Db([.. Fill(sound, 3).Skip(Packet)]).ShouldBe(-10, 0.5);
    }

    [Fact]
    public void It_allocates_nothing_per_packet()
    {
        var sound = Of(Sounds.Noise(-20, 60), 0);
        sound.Change(1.3, 6, paused: false);
        var packet = new short[Packet];
        AllocationMeter.Least(3, _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                sound.Fill(packet);
            }
        }).ShouldBe(0);
    }

    private static LiveSound Of(short[] samples, long position) => new(new ClipSamples([samples.AsMemory()], 8000), position);

    private static short[] Fill(LiveSound sound, int packets)
    {
        var heard = new short[packets * Packet];
        for (var i = 0; i < packets; i++)
        {
            sound.Fill(heard.AsSpan(i * Packet, Packet));
        }

        return heard;
    }

    private static short[] Play(LiveSound sound)
    {
        var heard = new List<short>();
        while (!sound.IsOver)
        {
            heard.AddRange(Fill(sound, 1));
        }

        return [.. heard];
    }

    private static double Steepest(short[] samples) => Enumerable.Range(1, samples.Length - 1).Max(i => (double)Math.Abs(samples[i] - samples[i - 1]));
}
