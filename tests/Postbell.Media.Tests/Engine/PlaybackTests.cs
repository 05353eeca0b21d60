using Postbell.Media.Codecs;
using Postbell.Media.Sdp;

namespace Postbell.Media.Tests.Engine;

public sealed class PlaybackTests
{
    [Fact]
    public async Task Clips_follow_each_other_without_a_gap_at_the_pace_of_the_line()
    {
        using var rig = new EngineRig().Start();
        var first = FakePeer.Tone(1000);
        var second = FakePeer.Tone(777, amplitude: 3000);
        var list = new PlayList(AudioClip.FromG711(first, G711Law.Mu), AudioClip.Empty, AudioClip.FromG711(second, G711Law.Mu));
        var play = rig.Session.PlayAsync(list, DigitSet.None, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Collect();
        var result = await rig.RunUntil(play);
        rig.Peer.Collect();
        result.ShouldBe(new PlayResult(PlayEnd.Completed, null, TimeSpan.FromMicroseconds(1777 * 125)));

        var packets = rig.Peer.Packets;
        packets.Count.ShouldBe(12);
        byte[] heard = [.. packets.SelectMany(p => p.Payload)];
        heard.AsSpan(0, 1777).SequenceEqual([.. first, .. second]).ShouldBeTrue();
        heard.AsSpan(1777).ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
        for (var i = 1; i < packets.Count; i++)
        {
            packets[i].Sequence.ShouldBe((ushort)(packets[i - 1].Sequence + 1));
            packets[i].Timestamp.ShouldBe(packets[i - 1].Timestamp + 160);
            packets[i].Marker.ShouldBeFalse();
        }

        packets[0].Marker.ShouldBeTrue();
    }

    [Theory]
    [InlineData(10, 500)]
    [InlineData(20, 500)]
    [InlineData(30, 510)]
    [InlineData(40, 520)]
    [InlineData(50, 500)]
    [InlineData(60, 540)]
    public async Task Packets_are_as_long_as_the_peer_wants_them_and_evenly_spaced(int ptime, int total)
    {
        using var rig = new EngineRig().Start(ptime: ptime);
        var times = new List<DateTimeOffset>();
        rig.Memory!.OnDatagram = (from, _, bytes) =>
        {
            if (from.Port == rig.Session.LocalRtp.Port)
            {
                bytes.Length.ShouldBe(12 + (ptime * 8));
                times.Add(rig.Time.GetUtcNow());
            }

            return true;
        };
        await rig.RunUntil(rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromMilliseconds(500)), DigitSet.None, CancellationToken.None));
        times.Count.ShouldBe(total / ptime);
        times.Zip(times.Skip(1), (a, b) => (b - a).TotalMilliseconds).ShouldAllBe(gap => gap == ptime);
    }

    [Fact]
    public async Task The_first_packet_leaves_at_once_not_at_the_next_period()
    {
        using var rig = new EngineRig().Start();
        rig.Run(7);
        _ = rig.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None);
        rig.Engine.Step();
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(1);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Nothing_is_sent_while_recording()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits(), CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(3000);
        rig.Peer.Discard().ShouldBe(0);
        record.IsCompleted.ShouldBeFalse();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task After_a_pause_the_clock_has_gone_on_and_the_marker_stands()
    {
        using var rig = new EngineRig().Start();
        var clip = AudioClip.Silence(TimeSpan.FromMilliseconds(100));
        await rig.RunUntil(rig.Session.PlayAsync(clip, DigitSet.None, CancellationToken.None));
        rig.Run(1000);
        await rig.RunUntil(rig.Session.PlayAsync(clip, DigitSet.None, CancellationToken.None));
        rig.Peer.Collect();
        var packets = rig.Peer.Packets;
        packets.Count.ShouldBe(10);
        packets[5].Marker.ShouldBeTrue();
        packets[5].Sequence.ShouldBe((ushort)(packets[4].Sequence + 1));
        ((int)(packets[5].Timestamp - packets[4].Timestamp)).ShouldBeInRange(8000, 10000);
    }

    [Fact]
    public async Task Playbacks_in_a_row_sound_like_one()
    {
        using var rig = new EngineRig().Start();
        var clip = AudioClip.Silence(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 5; i++)
        {
            var play = rig.Session.PlayAsync(clip, DigitSet.None, CancellationToken.None);
            rig.Engine.Step();
            while (!play.IsCompleted)
            {
                rig.Tick();
            }

            await play;
        }

        rig.Peer.Collect();
        rig.Peer.Packets.Count(p => p.Marker).ShouldBe(1);
        var last = rig.Peer.Packets[^1];
        last.Timestamp.ShouldBe(rig.Peer.Packets[0].Timestamp + (24 * 160));
    }

    [Fact]
    public async Task A_key_of_the_set_interrupts_at_once_and_is_used_up()
    {
        using var rig = new EngineRig().Start();
        var play = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(10)), DigitSet.Of("1#"), CancellationToken.None);
        rig.Run(500);
        rig.Peer.Press('2');
        rig.Run(100);
        play.IsCompleted.ShouldBeFalse();
        rig.Peer.Press('1');
        var result = await rig.RunUntil(play);
        result.End.ShouldBe(PlayEnd.Interrupted);
        result.Digit.ShouldBe('1');
        result.Position.TotalMilliseconds.ShouldBe(600, 40);
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.Zero, CancellationToken.None))).ShouldBe('2');
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.Zero, CancellationToken.None))).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_typed_ahead_keeps_the_prompt_from_starting()
    {
        using var rig = new EngineRig().Start();
        rig.Peer.Press('7');
        rig.Run(40);
        var result = await rig.RunUntil(rig.Session.PlayAsync(Tone.Beep, DigitSet.Any, CancellationToken.None));
        result.ShouldBe(new PlayResult(PlayEnd.Interrupted, '7', TimeSpan.Zero));
        rig.Peer.Discard().ShouldBe(0);
    }

    [Fact]
    public async Task Playing_starts_where_the_list_says()
    {
        using var rig = new EngineRig().Start();
        var list = new PlayList(AudioClip.FromG711(FakePeer.Tone(800), G711Law.Mu), AudioClip.FromG711(FakePeer.Tone(800, 500), G711Law.Mu));
        var result = await rig.RunUntil(rig.Session.PlayAsync(list.From(TimeSpan.FromMilliseconds(120)), DigitSet.None, CancellationToken.None));
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(4);
        rig.Peer.Packets[0].Payload.ShouldBe(FakePeer.Tone(800, 500)[160..320]);
        result.Position.ShouldBe(TimeSpan.FromMilliseconds(200));
        result = await rig.RunUntil(rig.Session.PlayAsync(list.From(TimeSpan.FromDays(1)), DigitSet.None, CancellationToken.None));
        result.ShouldBe(new PlayResult(PlayEnd.Completed, null, TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task On_hold_playing_waits_and_goes_on_where_it_was()
    {
        using var rig = new EngineRig().Start();
        var play = rig.Session.PlayAsync(AudioClip.FromG711(FakePeer.Tone(8000), G711Law.Mu), DigitSet.None, CancellationToken.None);
        rig.Run(400);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local, direction: MediaDirection.Inactive));
        rig.Run(20);
        rig.Peer.Collect();
        var before = rig.Peer.Packets.Count;
        rig.Run(2000);
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(before);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local));
        await rig.RunUntil(play);
        rig.Peer.Collect();
        byte[] heard = [.. rig.Peer.Packets.SelectMany(p => p.Payload)];
        heard.ShouldBe(FakePeer.Tone(8000));
        rig.Peer.Packets[before].Marker.ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_of_codec_in_the_middle_plays_on_in_the_new_law()
    {
        using var rig = new EngineRig().Start();
        var play = rig.Session.PlayAsync(AudioClip.FromG711(FakePeer.Tone(8000), G711Law.Mu), DigitSet.None, CancellationToken.None);
        rig.Run(500);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local, G711Law.A));
        await rig.RunUntil(play);
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(50);
        var last = rig.Peer.Packets[^1];
        last.Type.ShouldBe((byte)8);
        var expected = new byte[160];
        G711.Transcode(FakePeer.Tone(8000).AsSpan(7840), G711Law.Mu, expected, G711Law.A);
        last.Payload.ShouldBe(expected);
    }

    [Fact]
    public async Task Cancelling_or_closing_ends_playback_with_an_exception()
    {
        using var rig = new EngineRig().Start();
        using var hangup = new CancellationTokenSource();
        var play = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(10)), DigitSet.None, hangup.Token);
        rig.Run(100);
        hangup.Cancel();
        rig.Run(20);
        await Should.ThrowAsync<OperationCanceledException>(play);
        play = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(10)), DigitSet.None, CancellationToken.None);
        var second = rig.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None);
        rig.Run(20);
        await Should.ThrowAsync<InvalidOperationException>(second);
        _ = rig.Session.DisposeAsync();
        rig.Run(20);
        await Should.ThrowAsync<OperationCanceledException>(play);
    }

    [Fact]
    public async Task After_a_long_stop_of_the_machine_packets_go_on_without_a_burst()
    {
        using var rig = new EngineRig().Start();
        _ = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(30)), DigitSet.None, CancellationToken.None);
        rig.Run(200);
        rig.Peer.Discard();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        rig.Engine.Step();
        rig.Peer.Discard().ShouldBeLessThanOrEqualTo(2);
        rig.Engine.Statistics.SkippedTicks.ShouldBeGreaterThan(1000);
        rig.Run(1000);
        rig.Peer.Discard().ShouldBeInRange(49, 51);
        await Task.CompletedTask;
    }
}
