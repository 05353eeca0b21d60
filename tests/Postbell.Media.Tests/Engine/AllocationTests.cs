using System.Net;
using Postbell.Media.Engine;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Engine;

/// <summary>In steady state neither receiving and recording nor playing allocates: a garbage collection would be heard by every call.</summary>
public sealed class AllocationTests
{
    private const int Frames = 5000;
    private const int Rounds = 5;

    [Fact]
    public void Receiving_and_recording_allocates_nothing_per_packet() => Measure(new InMemoryNetwork(), IPAddress.Loopback, play: false);

    [Fact]
    public void Playing_allocates_nothing_per_packet() => Measure(new InMemoryNetwork(), IPAddress.Loopback, play: true);

    [Theory]
    [InlineData(1)]
    [InlineData(1.25)]
    public void Playing_under_control_allocates_nothing_per_packet(double speed)
    {
        using var rig = new EngineRig().Start();
        var control = new PlaybackControl(AudioClip.Silence(TimeSpan.FromMinutes(10))) { Speed = speed };
        var work = rig.Session.PlayAsync(control, DigitSet.None, CancellationToken.None);
        Step(rig, [], play: true, 100);
        AllocationMeter.Least(Rounds, _ => Step(rig, [], play: true, 200)).ShouldBe(0);
        work.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Playing_a_clip_again_takes_what_is_encoded_already()
    {
        var clip = AudioClip.Silence(TimeSpan.FromMinutes(2));
        using var rig = new EngineRig().Start();
        _ = rig.Session.PlayAsync(clip, DigitSet.None, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = rig.Session.PlayAsync(clip, DigitSet.None, CancellationToken.None);
        _ = rig.Session.PlayAsync(new PlaybackControl(clip), DigitSet.None, CancellationToken.None);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Real_sockets_of_the_system_allocate_nothing_per_packet(bool play)
    {
        Assert.SkipUnless(LinuxPacketNetwork.IsSupported, "Linux only");
        Measure(new LinuxPacketNetwork(), IPAddress.Loopback, play);
    }

    private static void Measure(IPacketNetwork network, IPAddress address, bool play)
    {
        using var rig = new EngineRig(network, address, address);
        rig.Start();
        var limits = new RecordLimits { SilenceTimeout = null };
        Task work = play
            ? rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromMinutes(10)), DigitSet.None, CancellationToken.None)
            : rig.Session.RecordAsync(rig.Sink, limits, CancellationToken.None);
        var audio = FakePeer.Tone();
        Step(rig, audio, play, 500);
        var received = rig.Session.Statistics.PacketsReceived;
        var played = 0L;
        var allocated = AllocationMeter.Least(Rounds, _ => played += Step(rig, audio, play, Frames / Rounds));
        received = rig.Session.Statistics.PacketsReceived - received;
        work.IsCompleted.ShouldBeFalse();
        (play ? played : received).ShouldBeInRange(Frames - 2, Frames + 2);
        allocated.ShouldBe(0);
    }

    private static long Step(EngineRig rig, byte[] audio, bool play, int frames)
    {
        var played = 0L;
        for (var i = 0; i < frames; i++)
        {
            if (!play)
            {
                rig.Peer.Audio(audio);
            }

            rig.Run(20);
            played += rig.Peer.Discard();
        }

        return played;
    }
}
