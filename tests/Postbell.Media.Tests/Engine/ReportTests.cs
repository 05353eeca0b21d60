using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Engine;

public sealed class ReportTests
{
    [Fact]
    public void Reports_go_out_about_every_five_seconds_with_loss_and_jitter_as_they_are()
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = frame =>
        {
            var packet = rig.Peer.Prepare(FakePeer.Tone());
            if (frame % 4 != 0)
            {
                rig.Peer.Send(packet);
            }
        };
        rig.Run(60_000);
        var reports = rig.Peer.CollectReports();
        reports.Count.ShouldBeInRange(7, 8, "the batch of the peer holds eight");
        RtcpReader.TryOpen(reports[^1], out var reader).ShouldBeTrue();
        reader.Next().ShouldBeTrue();
        reader.Type.ShouldBe(RtcpReader.ReceiverReport);
        var block = reader.Block(0);
        block.Ssrc.ShouldBe(rig.Peer.Ssrc);
        ((double)block.FractionLost).ShouldBe(64, 6);
        block.TotalLost.ShouldBeGreaterThan(100);
        reader.Next().ShouldBeTrue();
        reader.Type.ShouldBe(RtcpReader.SourceDescription);
        reader.Next().ShouldBeFalse();
    }

    [Fact]
    public async Task The_peers_reports_are_read_round_trip_included()
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
        reader.Type.ShouldBe(RtcpReader.SenderReport);
        rig.Run(500);
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        var delay = (uint)(0.4 * 65536);
        writer.ReceiverReport(rig.Peer.Ssrc, new RtcpReportBlock(reader.Sender, 10, 7, 100, 80, reader.SenderNtpMiddle, delay));
        writer.SourceDescription(rig.Peer.Ssrc, "peer");
        writer.Bye(rig.Peer.Ssrc);
        rig.Peer.SendReport(buffer.AsSpan(0, writer.Length));
        rig.Run(400);
        var statistics = rig.Session.Statistics;
        statistics.ReportsReceived.ShouldBe(1);
        statistics.PeerLost.ShouldBe(7);
        statistics.PeerJitter.ShouldBe(TimeSpan.FromMilliseconds(10));
        statistics.RoundTrip!.Value.TotalMilliseconds.ShouldBeInRange(80, 350);
        await Task.CompletedTask;
    }

    [Fact]
    public void A_forged_farewell_ends_nothing_and_ours_comes_at_the_end()
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(200);
        var buffer = new byte[64];
        var writer = new RtcpWriter(buffer);
        writer.ReceiverReport(rig.Peer.Ssrc, null);
        writer.Bye(rig.Peer.Ssrc);
        rig.Peer.SendReport(buffer.AsSpan(0, writer.Length));
        rig.Run(1000);
        rig.Session.Statistics.PacketsReceived.ShouldBeGreaterThan(50);
        rig.Peer.CollectReports();
        _ = rig.Session.DisposeAsync();
        rig.Run(20);
        RtcpReader.TryOpen(rig.Peer.CollectReports().ShouldHaveSingleItem(), out var reader).ShouldBeTrue();
        var types = new List<byte>();
        while (reader.Next())
        {
            types.Add(reader.Type);
        }

        types.ShouldBe([RtcpReader.ReceiverReport, RtcpReader.SourceDescription, RtcpReader.Bye]);
    }

    [Fact]
    public void Jitter_follows_the_arrival_times()
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = frame =>
        {
            // Every other packet comes one period late, together with its successor.
            var first = rig.Peer.Prepare(FakePeer.Tone());
            if (frame % 2 == 0)
            {
                rig.Peer.Send(first);
                rig.Peer.Send(rig.Peer.Prepare(FakePeer.Tone()));
                rig.Peer.Sequence--;
                rig.Peer.Timestamp -= 160;
            }
        };
        rig.Run(5000);
        rig.Session.Statistics.Jitter.TotalMilliseconds.ShouldBeInRange(10, 25);
    }

    [Fact]
    public void Silence_of_the_peer_is_reported_once_after_thirty_seconds_but_not_on_hold()
    {
        using var rig = new EngineRig().Start();
        rig.Run(29_000);
        rig.Events.Timeouts.ShouldBe(0);
        rig.Run(30_000);
        rig.Events.Timeouts.ShouldBe(1);
        rig.Peer.Audio(FakePeer.Tone());
        rig.Run(31_000);
        rig.Events.Timeouts.ShouldBe(2);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local, direction: Media.Sdp.MediaDirection.Inactive));
        rig.Run(100_000);
        rig.Events.Timeouts.ShouldBe(2);
    }
}
