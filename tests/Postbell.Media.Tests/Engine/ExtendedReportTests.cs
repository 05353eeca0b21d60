using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Engine;

/// <summary>Calls whose sides agreed on extended reports (RFC 3611): each tells the other about bursts.</summary>
public sealed class ExtendedReportTests
{
    [Fact]
    public void We_tell_the_peer_how_its_losses_lay()
    {
        using var rig = Start();
        rig.EachFrame = frame =>
        {
            var packet = rig.Peer.Prepare(FakePeer.Tone());
            if (frame % 100 is < 20 or >= 30)
            {
                rig.Peer.Send(packet);
            }
        };
        VoipMetrics? last = null;
        for (var second = 0; second < 30; second++)
        {
            rig.Run(1000);
            foreach (var report in rig.Peer.CollectReports())
            {
                last = Find(report, rig.Peer.Ssrc) ?? last;
            }
        }

        var metrics = last.ShouldNotBeNull();
        (metrics.LossRate / 256.0).ShouldBe(0.1, 0.02);
        metrics.DiscardRate.ShouldBe((byte)0);
        metrics.BurstDensity.ShouldBe((byte)255);
        ((double)metrics.BurstMs).ShouldBe(200, 1);
        ((double)metrics.GapMs).ShouldBe(1700, 200);
        metrics.GapMinimum.ShouldBe((byte)16);
        (metrics.ListeningScore / 10.0).ShouldBe(rig.Session.Statistics.Quality.Mos, 0.15);
        metrics.ListeningScore.ShouldBeLessThan((byte)35);
    }

    [Fact]
    public void What_the_peer_tells_of_ours_is_its_view_bursts_included()
    {
        using var rig = Start();
        _ = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(20)), DigitSet.None, CancellationToken.None);
        rig.Run(1000);
        rig.Peer.Collect();
        var own = rig.Peer.Packets[0].Ssrc;
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        writer.ReceiverReport(rig.Peer.Ssrc, new RtcpReportBlock(own, 0, 0, 100, 80, 0, 0));
        writer.SourceDescription(rig.Peer.Ssrc, "peer");
        writer.ExtendedReport(rig.Peer.Ssrc, new VoipMetrics { Source = own, LossRate = 13, DiscardRate = 13, BurstDensity = 200, BurstMs = 300, GapMs = 4000 });
        rig.Peer.SendReport(buffer.AsSpan(0, writer.Length));
        rig.Run(400);
        var quality = rig.Session.Statistics.Quality;
        var metrics = quality.PeerMetrics.ShouldNotBeNull();
        (metrics.BurstMs, metrics.GapMs, metrics.BurstDensity).ShouldBe(((ushort)300, (ushort)4000, (byte)200));
        // Lost and discarded together: a tenth.
        quality.PeerMos!.Value.ShouldBe(3.40, 0.02);
    }

    [Fact]
    public void Without_an_agreement_none_are_sent()
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(10_000);
        rig.Peer.CollectReports().ShouldAllBe(r => Find(r, rig.Peer.Ssrc) == null);
    }

    private static EngineRig Start()
    {
        var rig = new EngineRig();
        rig.Session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local) with { ExtendedReports = true }, symmetric: false);
        rig.Engine.Step();
        return rig;
    }

    private static VoipMetrics? Find(byte[] report, uint source)
    {
        RtcpReader.TryOpen(report, out var reader).ShouldBeTrue();
        VoipMetrics? found = null;
        while (reader.Next())
        {
            found = reader.TryVoipMetrics(source, out var metrics) ? metrics : found;
        }

        return found;
    }
}
