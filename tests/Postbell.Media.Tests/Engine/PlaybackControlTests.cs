using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Sdp;
using Postbell.Media.Tests.Shaping;

namespace Postbell.Media.Tests.Engine;

/// <summary>Listening with the keys in hand: pause, moves, speed and volume while it plays.</summary>
public sealed class PlaybackControlTests
{
    private static readonly TimeSpan s_packet = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task What_nobody_changes_is_heard_byte_by_byte()
    {
        using var rig = Listening(new EngineRig().Start());
        var (first, second) = (FakePeer.Tone(1000), FakePeer.Tone(777, amplitude: 3000));
        var control = new PlaybackControl(new PlayList(AudioClip.FromG711(first, G711Law.Mu), AudioClip.FromG711(second, G711Law.Mu)));
        control.StartOf(1).ShouldBe(TimeSpan.FromMilliseconds(125));
        control.StartOf(2).ShouldBe(control.Duration);
        var play = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        rig.Run(80);
        control.Position.ShouldBeInRange(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(100));
        (await rig.RunUntil(play)).ShouldBe(new PlayResult(PlayEnd.Completed, null, control.Duration));
        control.Position.ShouldBe(control.Duration);
        Payloads(rig).AsSpan(0, 1777).SequenceEqual([.. first, .. second]).ShouldBeTrue();
    }

    [Fact]
    public async Task In_a_pause_nothing_is_sent_and_it_goes_on_where_it_was()
    {
        using var rig = Listening(new EngineRig().Start());
        var control = Tone(3, 300);
        var play = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        rig.Run(500);
        control.Pause();
        control.IsPaused.ShouldBeTrue();
        rig.Run(40);
        rig.Peer.Collect();
        var (sent, position) = (rig.Peer.Packets.Count, control.Position);
        rig.Run(5000);
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(sent);
        control.Position.ShouldBe(position);
        position.TotalMilliseconds.ShouldBe(510, 25);
        play.IsCompleted.ShouldBeFalse();
        control.Resume();
        (await rig.RunUntil(play)).Position.ShouldBe(control.Duration);
        var heard = Heard(rig);
        rig.Peer.Packets[sent].Marker.ShouldBeTrue();
        (heard.Length / 8000.0).ShouldBe(3, 0.07);
        Steepest(heard).ShouldBeLessThan(3000);
    }

    [Fact]
    public async Task A_move_is_heard_in_the_next_packet()
    {
        using var rig = Listening(new EngineRig().Start());
        var control = new PlaybackControl(new PlayList(Clip(300, 10), Clip(1000, 10)));
        var play = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        rig.Run(1000);
        control.SeekTo(control.StartOf(1));
        control.Position.ShouldBe(TimeSpan.FromSeconds(10));
        rig.Run(40);
        Forget(rig);
        rig.Run(200);
        control.Position.TotalSeconds.ShouldBe(10.24, 0.03);
        (Crossings(Heard(rig)) / 0.2).ShouldBe(1000, 60);
        control.SeekBy(TimeSpan.FromSeconds(-5));
        control.SeekBy(TimeSpan.FromSeconds(-2));
        control.Position.TotalSeconds.ShouldBe(3.24, 0.03);
        rig.Run(1000);
        control.Position.TotalSeconds.ShouldBe(4.24, 0.04);
        control.SeekBy(TimeSpan.FromHours(1));
        (await rig.RunUntil(play, 100)).ShouldBe(new PlayResult(PlayEnd.Completed, null, TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(2)]
    public async Task Speed_changes_the_time_it_takes_and_not_the_pitch(double speed)
    {
        using var rig = Listening(new EngineRig().Start());
        var control = Tone(6, 440);
        control.Speed = speed;
        await rig.RunUntil(rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None));
        var heard = Heard(rig);
        (heard.Length / 8000.0).ShouldBe(6 / speed, (6 / speed * 0.02) + 0.02);
        (Crossings(heard) / (6 / speed)).ShouldBe(440, 440 * 0.025);
        Steepest(heard).ShouldBeLessThan(4200);
    }

    [Fact]
    public async Task Volume_goes_up_and_down_while_it_plays()
    {
        using var rig = Listening(new EngineRig().Start());
        var control = Tone(10, 400);
        _ = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        foreach (var db in new[] { 6.0, -20, 0 })
        {
            control.VolumeDb = db;
            rig.Run(60);
            Forget(rig);
            rig.Run(200);
            Sounds.Db(Heard(rig)).ShouldBe(-15 + db, 0.5);
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_key_interrupts_also_a_pause_and_playing_again_goes_on_from_there()
    {
        using var rig = Listening(new EngineRig().Start());
        var control = Tone(10, 300);
        var play = rig.Session.PlayAsync(control, DigitSet.Any, CancellationToken.None);
        rig.Run(1000);
        control.Pause();
        rig.Run(500);
        rig.Peer.Press('8');
        var result = await rig.RunUntil(play);
        (result.End, result.Digit).ShouldBe((PlayEnd.Interrupted, '8'));
        result.Position.ShouldBe(control.Position);
        result.Position.TotalSeconds.ShouldBe(1.01, 0.03);
        rig.Run(100);
        Forget(rig);

        play = rig.Session.PlayAsync(control, DigitSet.Any, CancellationToken.None);
        rig.Run(500);
        Forget(rig).ShouldBe(0, "it is still paused");
        control.Position.ShouldBe(result.Position);
        control.SeekBy(TimeSpan.FromSeconds(-0.5));
        control.Position.ShouldBe(result.Position - TimeSpan.FromSeconds(0.5));
        rig.Run(100);
        control.Position.ShouldBe(result.Position - TimeSpan.FromSeconds(0.5), s_packet);
        control.Resume();
        rig.Run(1000);
        (control.Position - result.Position).TotalSeconds.ShouldBe(0.5, 0.04);
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public async Task A_wideband_call_keeps_its_band_whatever_is_changed(VoiceCodec codec)
    {
        Assert.SkipUnless(codec.IsAvailable(), $"{codec.Library()} is not installed");
        using var rig = Listening(new EngineRig());
        rig.Session.Start(Wide(rig, codec), symmetric: false);
        rig.Engine.Step();
        // A narrow prompt, then wideband audio with what a telephone line would lose.
        var wide = AudioClip.FromPcm(new PcmAudio(Sounds.Tone(5000, -15, 4, 16000), 16000));
        var control = new PlaybackControl(new PlayList(Clip(300, 0.5), wide));
        var play = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        rig.Run(700);
        control.Speed = 1.5;
        control.VolumeDb = -5;
        rig.Run(100);
        Forget(rig);
        rig.Run(1000);
        var heard = Decoded(rig, codec);
        (heard.Length / 16000.0).ShouldBe(1, 0.03);
        Sounds.Db(heard.AsSpan(2000)).ShouldBe(-20, 2);
        (Crossings(heard[2000..]) / ((heard.Length - 2000) / 16000.0)).ShouldBe(5000, 50);
        await rig.RunUntil(play);
    }

    [Fact]
    public async Task A_change_of_codec_in_a_changed_playback_plays_on()
    {
        using var rig = Listening(new EngineRig().Start());
        var control = Tone(3, 300);
        control.Speed = 1.2;
        var play = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        rig.Run(1000);
        var before = control.Position;
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local, G711Law.A));
        rig.Run(100);
        Forget(rig);
        (control.Position - before).TotalMilliseconds.ShouldBe(120, 50);
        rig.Run(200);
        rig.Peer.Collect();
        rig.Peer.Packets.ShouldAllBe(p => p.Type == 8);
        short[] heard = [.. rig.Peer.Packets.SelectMany(p => p.Payload).Select(c => G711.Decode(c, G711Law.A))];
        Sounds.Db(heard).ShouldBe(-15, 1);
        await rig.RunUntil(play);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public async Task Packets_of_other_lengths_carry_changed_sound_too(int ptime)
    {
        using var rig = Listening(new EngineRig().Start(ptime: ptime));
        var control = Tone(2, 300);
        control.VolumeDb = 3;
        await rig.RunUntil(rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None));
        var heard = Heard(rig);
        (heard.Length / 8000.0).ShouldBe(2, 0.08);
        Sounds.Db(heard.AsSpan(0, 15_500)).ShouldBe(-12, 0.5);
    }

    [Fact]
    public void Wishes_beyond_the_bounds_are_taken_as_the_bounds()
    {
        var control = Tone(1, 300);
        control.Speed = 7;
        control.Speed.ShouldBe(PlaybackControl.Fastest);
        control.VolumeDb = -99;
        control.VolumeDb.ShouldBe(PlaybackControl.SoftestDb);
        control.SeekTo(TimeSpan.FromSeconds(-3));
        control.Position.ShouldBe(TimeSpan.Zero);
        control.SeekBy(TimeSpan.MaxValue);
        control.Position.ShouldBe(TimeSpan.FromSeconds(1));
        Should.Throw<ArgumentOutOfRangeException>(() => control.Speed = double.NaN);
        Should.Throw<ArgumentOutOfRangeException>(() => control.StartOf(2));
        new PlaybackControl(control.List.From(TimeSpan.FromSeconds(0.5))).Position.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    private static AudioClip Clip(double hertz, double seconds) => AudioClip.FromPcm(new PcmAudio(Sounds.Tone(hertz, -15, seconds), 8000));

    private static PlaybackControl Tone(double seconds, double hertz) => new(Clip(hertz, seconds));

    private static NegotiatedAudio Wide(EngineRig rig, VoiceCodec codec) =>
        EngineRig.Agreed(rig.Peer.Rtp.Local) with { Codec = codec, PayloadType = codec.StaticPayloadType() ?? 111 };

    private static EngineRig Listening(EngineRig rig)
    {
        rig.EachFrame = _ => rig.Peer.Collect();
        return rig;
    }

    private static int Forget(EngineRig rig)
    {
        rig.Peer.Collect();
        var count = rig.Peer.Packets.Count;
        rig.Peer.Packets.Clear();
        return count;
    }

    private static byte[] Payloads(EngineRig rig)
    {
        rig.Peer.Collect();
        return [.. rig.Peer.Packets.SelectMany(p => p.Payload)];
    }

    private static short[] Heard(EngineRig rig)
    {
        short[] heard = [.. Payloads(rig).Select(c => G711.Decode(c, G711Law.Mu))];
        return heard;
    }

    private static short[] Decoded(EngineRig rig, VoiceCodec codec)
    {
        rig.Peer.Collect();
        using var decoder = CodecSupport.CreateDecoder(codec);
        var heard = new List<short>();
        var samples = new short[1920];
        foreach (var packet in rig.Peer.Packets)
        {
            heard.AddRange(samples.AsSpan(0, decoder.Decode(packet.Payload, samples)));
        }

        return [.. heard];
    }

    private static int Crossings(short[] samples) => Enumerable.Range(1, samples.Length - 1).Count(i => samples[i - 1] < 0 && samples[i] >= 0);

    private static double Steepest(short[] samples) => Enumerable.Range(1, samples.Length - 1).Max(i => (double)Math.Abs(samples[i] - samples[i - 1]));
}
