using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Media.Engine;

namespace Postbell.Media.Tests.Engine;

public sealed class EngineLoopTests
{
    [Fact]
    public void Many_calls_are_spread_over_the_period_and_each_keeps_its_pace()
    {
        var sent = new Dictionary<int, List<double>>();
        using var rig = new EngineRig();
        rig.Memory!.OnDatagram = (from, _, bytes) =>
        {
            if (bytes.Length == 172)
            {
                (sent.TryGetValue(from.Port, out var times) ? times : sent[from.Port] = []).Add(Milliseconds(rig));
            }

            return true;
        };
        var clip = AudioClip.Silence(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 200; i++)
        {
            var session = rig.Engine.Open(EngineRig.ServerAddress, new RecordedEvents());
            session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local), symmetric: false);
            _ = session.PlayAsync(clip, DigitSet.None, CancellationToken.None);
            rig.Tick();
        }

        rig.Run(2000);
        sent.Count.ShouldBe(200);
        foreach (var times in sent.Values)
        {
            var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
            gaps.ShouldAllBe(g => g >= 17.5 && g <= 25, "at most a slot off, and only once");
            gaps.Count(g => g != 20).ShouldBeLessThanOrEqualTo(1);
        }

        var perSlot = sent.Values.GroupBy(t => t[^1] % 20).Select(g => g.Count()).ToList();
        perSlot.Count.ShouldBe(EngineLoop.Slots);
        perSlot.ShouldAllBe(count => count <= 66);
    }

    [Fact]
    public void The_engine_counts_sessions_packets_and_lateness()
    {
        using var rig = new EngineRig().Start();
        rig.Peer.Audio(FakePeer.Tone());
        rig.Peer.Send([1, 2, 3]);
        rig.Run(200);
        var statistics = rig.Engine.Statistics;
        statistics.Sessions.ShouldBe(1);
        statistics.PacketsIn.ShouldBe(1);
        statistics.MalformedPackets.ShouldBe(1);
        statistics.Ticks.ShouldBeInRange(9, 11);
        statistics.LatenessP99.ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task An_engine_without_calls_sleeps_and_wakes_for_the_first()
    {
        var options = new MediaEngineOptions { FirstPort = 0, LastPort = 1, Threads = 2 };
        using var engine = new MediaEngine(options, TimeProvider.System, NullLoggerFactory.Instance);
        engine.Statistics.Ticks.ShouldBe(0);
        var sessions = Enumerable.Range(0, 4).Select(_ => engine.Open(IPAddress.Loopback, new RecordedEvents())).ToArray();
        var wanted = Stopwatch.StartNew();
        var ends = new List<Task<char?>>();
        foreach (var session in sessions)
        {
            session.Start(EngineRig.Agreed(new IPEndPoint(IPAddress.Loopback, 9)), symmetric: false);
            ends.Add(session.CollectDigitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        }

        (await Task.WhenAll(ends).WaitAsync(TimeSpan.FromSeconds(10))).ShouldAllBe(d => d == null);
        wanted.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(80);
        engine.Statistics.Sessions.ShouldBe(4);
        engine.Statistics.Ticks.ShouldBeGreaterThan(5);
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }

        engine.Statistics.Sessions.ShouldBe(0);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        MediaEngine Create(MediaEngineOptions options) => new(options, TimeProvider.System, NullLoggerFactory.Instance);
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new MediaEngineOptions { Threads = 0 }));
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new MediaEngineOptions { LastPort = 70000 }));
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new MediaEngineOptions { FirstPort = 5000, LastPort = 5000 }));
    }

    private static double Milliseconds(EngineRig rig) => (rig.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
