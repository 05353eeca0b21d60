using Postbell.Media.Rtp;
using Postbell.Media.Tests.Engine;

namespace Postbell.Media.Tests.Quality;

/// <summary>Calls over a network that loses, delays and mixes up packets.</summary>
public sealed class CallQualityTests
{
    [Fact]
    public void A_clean_call_has_the_best_score()
    {
        var quality = Run(_ => true);
        quality.IsKnown.ShouldBeTrue();
        quality.LossRatio.ShouldBe(0);
        quality.Mos.ShouldBe(4.41, 0.01);
        quality.ConversationalMos.ShouldBe(4.40, 0.03);
        (quality.LossDegradation, quality.JitterDegradation).ShouldBe((0, 0));
        quality.PeerMos.ShouldBeNull();
    }

    [Fact]
    public void The_more_is_lost_the_lower_the_score_and_lost_together_counts_more()
    {
        var few = Run(frame => frame % 50 != 25);
        var many = Run(frame => frame % 10 != 5);
        var together = Run(frame => frame % 100 is < 20 or >= 30);
        few.LossRatio.ShouldBe(0.02, 0.002);
        many.LossRatio.ShouldBe(0.1, 0.005);
        together.LossRatio.ShouldBe(0.1, 0.005);
        few.Mos.ShouldBeLessThan(4.4);
        many.Mos.ShouldBeLessThan(few.Mos - 0.3);
        together.Mos.ShouldBeLessThan(many.Mos - 0.2);
        together.Losses.Bursts.ShouldBeInRange(9, 10);
        together.Losses.BurstDensity.ShouldBe(1);
        together.BurstDuration.TotalMilliseconds.ShouldBe(200, 1);
        (together.Mos + together.LossDegradation + together.JitterDegradation).ShouldBe(4.41, 0.01);
        many.LossDegradation.ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void The_order_of_packets_and_duplicates_cost_nothing()
    {
        using var rig = new EngineRig().Start();
        byte[]? held = null;
        rig.EachFrame = frame =>
        {
            var packet = rig.Peer.Prepare(FakePeer.Tone());
            if (frame % 20 == 10)
            {
                held = packet;
                return;
            }

            rig.Peer.Send(packet);
            if (held is not null)
            {
                rig.Peer.Send(held);
                rig.Peer.Send(held);
                held = null;
            }
        };
        rig.Run(10_000);
        var statistics = rig.Session.Statistics;
        statistics.Reordered.ShouldBeGreaterThan(20);
        statistics.Duplicates.ShouldBeGreaterThan(20);
        statistics.Quality.Mos.ShouldBe(4.41, 0.01);
    }

    [Fact]
    public void Packets_that_come_too_late_are_a_matter_of_jitter_not_of_loss()
    {
        using var rig = new EngineRig().Start();
        var late = new Queue<(int Due, byte[] Packet)>();
        rig.EachFrame = frame =>
        {
            var packet = rig.Peer.Prepare(FakePeer.Tone());
            if (frame % 20 == 10)
            {
                late.Enqueue((frame + 12, packet));
            }
            else
            {
                rig.Peer.Send(packet);
            }

            while (late.TryPeek(out var next) && next.Due <= frame)
            {
                rig.Peer.Send(late.Dequeue().Packet);
            }
        };
        rig.Run(10_000);
        var quality = rig.Session.Statistics.Quality;
        quality.Late.ShouldBeGreaterThan(20);
        quality.LossRatio.ShouldBe(0.05, 0.005);
        quality.LossDegradation.ShouldBeLessThan(0.05);
        quality.JitterDegradation.ShouldBeGreaterThan(0.3);
    }

    [Fact]
    public async Task What_the_peer_lost_of_ours_is_its_view()
    {
        using var rig = new EngineRig().Start();
        _ = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(20)), DigitSet.None, CancellationToken.None);
        byte[]? report = null;
        while (report is null)
        {
            rig.Run(20);
            report = rig.Peer.CollectReports().FirstOrDefault();
        }

        RtcpReader.TryOpen(report, out var reader).ShouldBeTrue();
        reader.Next().ShouldBeTrue();
        var sender = reader.Sender;
        var lost = (int)(rig.Session.Statistics.PacketsSent / 10);
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        writer.ReceiverReport(rig.Peer.Ssrc, new RtcpReportBlock(sender, 10, lost, 100, 80, 0, 0));
        writer.SourceDescription(rig.Peer.Ssrc, "peer");
        rig.Peer.SendReport(buffer.AsSpan(0, writer.Length));
        rig.Run(400);
        var quality = rig.Session.Statistics.Quality;
        quality.PeerLossRatio!.Value.ShouldBe(0.1, 0.03);
        quality.PeerMos!.Value.ShouldBeInRange(2.8, 3.9);
        await Task.CompletedTask;
    }

    private static Media.Quality.MediaQuality Run(Func<int, bool> arrives)
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = frame =>
        {
            var packet = rig.Peer.Prepare(FakePeer.Tone());
            if (arrives(frame))
            {
                rig.Peer.Send(packet);
            }
        };
        rig.Run(20_000);
        return rig.Session.Statistics.Quality;
    }
}
