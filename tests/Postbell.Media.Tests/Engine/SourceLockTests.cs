using System.Net;

namespace Postbell.Media.Tests.Engine;

public sealed class SourceLockTests
{
    [Fact]
    public async Task A_stranger_can_neither_be_heard_nor_press_keys()
    {
        using var rig = new EngineRig().Start();
        var stranger = new FakePeer(rig, IPAddress.Parse("10.6.6.6"));
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
            stranger.Audio(FakePeer.Tone(amplitude: 20000));
            stranger.Press('#');
            stranger.SendReport([0x81, 203, 0, 1, 0, 0, 0xCA, 0xFE]);
        };
        rig.Run(2000);
        record.IsCompleted.ShouldBeFalse();
        rig.Events.Digits.ShouldBeEmpty();
        rig.Peer.Press('#');
        await rig.RunUntil(record);
        rig.Sink.Audio[..16000].SequenceEqual(FakePeer.Tone(16000)).ShouldBeTrue();
        rig.Session.Statistics.Foreign.ShouldBeGreaterThan(500);
        rig.Engine.Statistics.ForeignPackets.ShouldBe(rig.Session.Statistics.Foreign);
    }

    [Fact]
    public async Task A_forger_with_the_peers_address_but_another_port_is_dropped_after_the_lock()
    {
        using var rig = new EngineRig().Start();
        var forger = new FakePeer(rig, EngineRig.PeerAddress) { Ssrc = rig.Peer.Ssrc };
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
            if (frame > 3)
            {
                forger.Audio(FakePeer.Tone(amplitude: 20000));
            }
        };
        rig.Run(2000);
        _ = rig.Session.DisposeAsync();
        await rig.RunUntil(record);
        rig.Sink.Audio[..16000].SequenceEqual(FakePeer.Tone(16000)).ShouldBeTrue();
        rig.Session.Statistics.Foreign.ShouldBeInRange(96, 97);
    }

    [Fact]
    public void A_peer_that_sends_from_another_port_is_taken_after_three_packets_in_a_row()
    {
        using var rig = new EngineRig().Start();
        var other = new FakePeer(rig, EngineRig.PeerAddress);
        for (var i = 0; i < 10; i++)
        {
            other.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Session.Statistics.PacketsReceived.ShouldBe(8);
        rig.Session.Statistics.Foreign.ShouldBe(0);
        rig.Peer.Audio(FakePeer.Tone());
        rig.Run(20);
        rig.Session.Statistics.Foreign.ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_behind_nat_is_learned_once_and_gets_our_packets()
    {
        using var rig = new EngineRig();
        var natted = new FakePeer(rig, IPAddress.Parse("203.0.113.9"));
        rig.Session.Start(EngineRig.Agreed(new IPEndPoint(IPAddress.Parse("192.168.1.5"), 4000)), symmetric: true);
        rig.Run(20);
        for (var i = 0; i < 5; i++)
        {
            natted.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        await rig.RunUntil(rig.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None));
        natted.Discard().ShouldBe(20);

        var attacker = new FakePeer(rig, IPAddress.Parse("203.0.113.10"));
        for (var i = 0; i < 50; i++)
        {
            attacker.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Session.Statistics.Foreign.ShouldBe(50);
        await rig.RunUntil(rig.Session.PlayAsync(Tone.Beep, DigitSet.None, CancellationToken.None));
        attacker.Discard().ShouldBe(0);
        natted.Discard().ShouldBe(20);
    }

    [Fact]
    public void Without_symmetric_mode_no_other_address_is_ever_learned()
    {
        using var rig = new EngineRig().Start();
        var stranger = new FakePeer(rig, IPAddress.Parse("203.0.113.9"));
        for (var i = 0; i < 20; i++)
        {
            stranger.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Session.Statistics.PacketsReceived.ShouldBe(0);
        rig.Session.Statistics.Foreign.ShouldBe(20);
    }

    [Fact]
    public void Scattered_packets_of_many_strangers_teach_nothing_in_symmetric_mode()
    {
        using var rig = new EngineRig().Start(symmetric: true);
        var strangers = Enumerable.Range(1, 5).Select(i => new FakePeer(rig, IPAddress.Parse($"203.0.113.{i}"))).ToArray();
        for (var i = 0; i < 20; i++)
        {
            foreach (var stranger in strangers)
            {
                stranger.Audio(FakePeer.Tone());
            }

            rig.Run(20);
        }

        rig.Session.Statistics.PacketsReceived.ShouldBe(0);
        rig.Peer.Audio(FakePeer.Tone());
        rig.Run(20);
        rig.Session.Statistics.PacketsReceived.ShouldBe(1);
    }

    [Fact]
    public void A_hold_without_an_address_keeps_the_lock_and_sends_nothing_nowhere()
    {
        using var rig = new EngineRig().Start();
        var stranger = new FakePeer(rig, IPAddress.Parse("10.6.6.6"));
        for (var i = 0; i < 5; i++)
        {
            rig.Peer.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Memory!.OnDatagram = (_, to, _) =>
        {
            to.IsUnspecified.ShouldBeFalse();
            return true;
        };
        rig.Session.Update(EngineRig.Agreed(new IPEndPoint(IPAddress.Any, 4000), direction: Media.Sdp.MediaDirection.RecvOnly));
        rig.Run(20_000);
        rig.Peer.CollectReports().ShouldNotBeEmpty();
        for (var i = 0; i < 5; i++)
        {
            stranger.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Session.Statistics.Foreign.ShouldBe(5);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local));
        rig.Peer.Audio(FakePeer.Tone());
        rig.Run(20);
        rig.Session.Statistics.PacketsReceived.ShouldBe(6);
    }

    [Fact]
    public void A_new_agreement_with_another_address_is_followed()
    {
        using var rig = new EngineRig().Start();
        var moved = new FakePeer(rig, IPAddress.Parse("10.0.0.77")) { Ssrc = 77 };
        for (var i = 0; i < 5; i++)
        {
            rig.Peer.Audio(FakePeer.Tone());
            rig.Run(20);
        }

        rig.Session.Update(EngineRig.Agreed(moved.Rtp.Local));
        rig.Run(20);
        moved.Audio(FakePeer.Tone());
        rig.Peer.Audio(FakePeer.Tone());
        rig.Run(40);
        rig.Session.Statistics.PacketsReceived.ShouldBe(6);
        rig.Session.Statistics.Foreign.ShouldBe(1);
    }
}
