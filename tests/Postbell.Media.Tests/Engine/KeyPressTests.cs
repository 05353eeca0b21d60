using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Engine;

public sealed class KeyPressTests
{
    [Fact]
    public void Each_press_counts_once_whatever_is_lost_repeated_or_reordered()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            using var rig = new EngineRig().Start();
            foreach (var key in "15#")
            {
                var packets = new List<byte[]> { rig.Peer.Event(key, 160, marker: true) };
                for (var d = 320; d <= 800; d += 160)
                {
                    packets.Add(rig.Peer.Event(key, d));
                }

                for (var i = 0; i < 3; i++)
                {
                    packets.Add(rig.Peer.Event(key, 960, end: true));
                }

                rig.Peer.Timestamp += 960;
                var kept = packets.Where(_ => random.NextDouble() > 0.4).ToList();
                if (kept.Count == 0)
                {
                    kept.Add(packets[^1]);
                }

                if (kept.Count > 1 && random.Next(2) == 0)
                {
                    var at = random.Next(kept.Count - 1);
                    (kept[at], kept[at + 1]) = (kept[at + 1], kept[at]);
                }

                foreach (var packet in kept)
                {
                    rig.Peer.Send(packet);
                    if (random.Next(3) == 0)
                    {
                        rig.Peer.Send(packet);
                    }

                    rig.Run(20);
                }

                rig.Run(60);
            }

            rig.Run(400);
            string.Concat(rig.Events.Digits.Select(d => d.Digit)).ShouldBe("15#", $"round {round}");
            rig.Events.Digits.ShouldAllBe(d => d.DurationMs >= 20 && d.DurationMs <= 120);
        }
    }

    [Fact]
    public void A_press_acts_when_it_begins_and_is_reported_with_its_length_when_it_ends()
    {
        using var rig = new EngineRig().Start();
        var collect = rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        rig.Run(20);
        rig.Peer.Send(rig.Peer.Event('4', 160, marker: true));
        rig.Run(40);
        collect.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Events.Digits.ShouldBeEmpty();
        rig.Peer.Send(rig.Peer.Event('4', 1600, end: true));
        rig.Run(40);
        rig.Events.Digits.ShouldBe([('4', 200)]);
    }

    [Fact]
    public void A_press_that_never_says_its_end_ends_by_time()
    {
        using var rig = new EngineRig().Start();
        rig.Peer.Send(rig.Peer.Event('4', 160, marker: true));
        rig.Peer.Send(rig.Peer.Event('4', 480));
        rig.Run(300);
        rig.Events.Digits.ShouldBe([('4', 60)]);
        rig.Peer.Send(rig.Peer.Event('4', 800, end: true));
        rig.Run(300);
        rig.Events.Digits.Count.ShouldBe(1);
    }

    [Fact]
    public void The_same_key_twice_is_two_presses_even_when_every_end_was_lost()
    {
        using var rig = new EngineRig().Start();
        for (var i = 0; i < 2; i++)
        {
            rig.Peer.Send(rig.Peer.Event('9', 160, marker: true));
            rig.Run(20);
            rig.Peer.Timestamp += 800;
        }

        rig.Run(300);
        rig.Events.Digits.Select(d => d.Digit).ShouldBe(['9', '9']);
    }

    [Fact]
    public void A_very_long_press_in_several_segments_is_one_press()
    {
        using var rig = new EngineRig().Start();
        rig.Peer.Send(rig.Peer.Event('0', 160, marker: true));
        rig.Peer.Send(rig.Peer.Event('0', 0xFFFF));
        rig.Peer.Timestamp += 0xFFFF;
        rig.Peer.Send(rig.Peer.Event('0', 160));
        rig.Peer.Send(rig.Peer.Event('0', 8000, end: true));
        rig.Run(300);
        rig.Events.Digits.ShouldBe([('0', (0xFFFF + 8000) / 8)]);
    }

    [Fact]
    public void Events_that_are_no_keys_and_broken_events_are_ignored()
    {
        using var rig = new EngineRig().Start();
        rig.Peer.Send(rig.Peer.Packet([16, 0x80, 0, 160], 101));
        rig.Peer.Send(rig.Peer.Packet([255, 0x80, 0, 160], 101));
        rig.Peer.Send(rig.Peer.Packet([1, 0x80], 101));
        rig.Peer.Send(rig.Peer.Packet([], 101));
        rig.Run(300);
        rig.Events.Digits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_typed_ahead_wait_in_order_until_cleared()
    {
        using var rig = new EngineRig().Start();
        foreach (var key in "12*#ABCD")
        {
            rig.Peer.Press(key);
            rig.Run(100);
        }

        foreach (var key in "12*#A")
        {
            (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.Zero, CancellationToken.None))).ShouldBe(key);
        }

        rig.Session.ClearDigits();
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(1), CancellationToken.None))).ShouldBeNull();
    }

    [Fact]
    public async Task Waiting_for_a_key_ends_by_time_or_by_cancellation()
    {
        using var rig = new EngineRig().Start();
        using var hangup = new CancellationTokenSource();
        var before = rig.Time.GetUtcNow();
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(3), hangup.Token))).ShouldBeNull();
        (rig.Time.GetUtcNow() - before).TotalMilliseconds.ShouldBe(3000, 40);
        var wait = rig.Session.CollectDigitAsync(Timeout.InfiniteTimeSpan, hangup.Token);
        var second = rig.Session.CollectDigitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        rig.Run(60_000);
        await Should.ThrowAsync<InvalidOperationException>(second);
        wait.IsCompleted.ShouldBeFalse();
        hangup.Cancel();
        rig.Run(20);
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    [Theory]
    [InlineData(20, 100)]
    [InlineData(30, 90)]
    public async Task A_key_we_press_arrives_once_with_its_length_in_place_of_audio(int ptime, int milliseconds)
    {
        using var rig = new EngineRig().Start(ptime: ptime);
        var events = new RecordedEvents();
        var other = rig.Engine.Open(EngineRig.PeerAddress, events);
        rig.Session.Start(EngineRig.Agreed(other.LocalRtp, ptime: ptime), symmetric: false);
        other.Start(EngineRig.Agreed(rig.Session.LocalRtp), symmetric: false);
        var record = other.RecordAsync(rig.Sink, new RecordLimits { StopDigits = DigitSet.None }, CancellationToken.None);
        var play = rig.Session.PlayAsync(AudioClip.FromG711(FakePeer.Tone(8000), G711Law.Mu), DigitSet.None, CancellationToken.None);
        rig.Run(200);
        var press = rig.Session.SendDigitAsync('#', TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        while (!press.IsCompleted)
        {
            rig.Run(10);
        }

        await press;
        await rig.RunUntil(play);
        events.Digits.ShouldBe([('#', milliseconds)]);
        rig.Run(100);
        _ = other.DisposeAsync();
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBeInRange(1000 + milliseconds, 1300 + milliseconds);
        rig.Sink.Audio.Count((byte)0xFF).ShouldBeGreaterThan(milliseconds * 8);
    }

    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void A_peer_that_takes_no_events_hears_the_keys_as_tones(G711Law law)
    {
        using var rig = new EngineRig();
        rig.Session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local, law) with { TelephoneEventPayloadType = null }, symmetric: false);
        foreach (var key in "1590*#AD1")
        {
            var press = rig.Session.SendDigitAsync(key, TimeSpan.FromMilliseconds(80), CancellationToken.None);
            rig.Run(400);
            press.IsCompletedSuccessfully.ShouldBeTrue();
        }

        rig.Run(100);
        rig.Peer.Collect();
        rig.Peer.Packets.ShouldAllBe(p => p.Type == (law == G711Law.A ? 8 : 0));
        Tones.DtmfDetectorTests.Found([.. rig.Peer.Packets.SelectMany(p => p.Payload).Select(c => G711.Decode(c, law))]).ShouldBe("1590*#AD1");
        Should.Throw<ArgumentException>(() => { _ = rig.Session.SendDigitAsync('x', TimeSpan.FromMilliseconds(80), CancellationToken.None); });
    }
}
