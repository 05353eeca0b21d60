using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Media.Engine;

namespace Postbell.Media.Tests.Engine;

/// <summary>Two sessions of real engines with threads talk over the loopback device.</summary>
public sealed class LoopbackTests
{
    private static readonly MediaEngineOptions s_options = new() { FirstPort = 0, LastPort = 1 };

    public static TheoryData<string, bool> Ways => new()
    {
        { "127.0.0.1", true }, { "127.0.0.1", false }, { "::1", true }, { "::1", false },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_one_session_plays_the_other_records_over_real_sockets(string address, bool native)
    {
        var ip = IPAddress.Parse(address);
        Assert.SkipUnless(native ? LinuxPacketNetwork.IsSupported : true, "not on this system");
        Assert.SkipUnless(CanBind(ip), "no such address here");
        IPacketNetwork network = native ? new LinuxPacketNetwork() : new PortablePacketNetwork();
        using var engine = new MediaEngine(s_options, TimeProvider.System, NullLoggerFactory.Instance, network, threaded: true);
        var events = new RecordedEvents();
        await using var speaker = engine.Open(ip, new RecordedEvents());
        await using var listener = engine.Open(ip, events);
        speaker.Start(EngineRig.Agreed(listener.LocalRtp), symmetric: false);
        listener.Start(EngineRig.Agreed(speaker.LocalRtp), symmetric: false);

        var sink = new MemorySink();
        var record = listener.RecordAsync(sink, new RecordLimits { MaxDuration = TimeSpan.FromSeconds(10) }, CancellationToken.None);
        var spoken = FakePeer.Tone(6400);
        var played = await speaker.PlayAsync(AudioClip.FromG711(spoken, G711Law.Mu), DigitSet.None, CancellationToken.None);
        played.ShouldBe(new PlayResult(PlayEnd.Completed, null, TimeSpan.FromMilliseconds(800)));
        await speaker.SendDigitAsync('#', TimeSpan.FromMilliseconds(80), CancellationToken.None);
        var result = await record.WaitAsync(TimeSpan.FromSeconds(10));

        result.End.ShouldBe(RecordEnd.Digit);
        sink.Audio.IndexOf(spoken).ShouldBeGreaterThanOrEqualTo(0);
        // How long the machine took to begin is silence before it.
        result.Duration.TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(800);
        engine.Statistics.PacketsOut.ShouldBeGreaterThanOrEqualTo(40 + 6);
    }

    [Fact]
    public void An_engine_says_when_its_ports_are_used_up_and_gives_them_out_again_after_closing()
    {
        var network = new InMemoryNetwork();
        var options = new MediaEngineOptions { FirstPort = 30001, LastPort = 30005 };
        using var engine = new MediaEngine(options, TimeProvider.System, NullLoggerFactory.Instance, network, threaded: false);
        var first = engine.Open(EngineRig.ServerAddress, new RecordedEvents());
        var second = engine.Open(EngineRig.ServerAddress, new RecordedEvents());
        new[] { first.LocalRtp.Port, second.LocalRtp.Port }.ShouldBe([30002, 30004], ignoreOrder: true);
        Should.Throw<MediaPortsExhaustedException>(() => engine.Open(EngineRig.ServerAddress, new RecordedEvents()))
            .Message.ShouldContain("30001");
        _ = first.DisposeAsync();
        engine.Step();
        engine.Open(EngineRig.ServerAddress, new RecordedEvents()).LocalRtp.ShouldBe(first.LocalRtp);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused() => Should.Throw<SocketException>(
        () =>
        {
            using var engine = new MediaEngine(s_options, TimeProvider.System, NullLoggerFactory.Instance);
            engine.Open(IPAddress.Parse("192.0.2.1"), new RecordedEvents());
        });

    [Fact]
    public async Task Closing_the_engine_ends_what_runs()
    {
        var engine = new MediaEngine(s_options, TimeProvider.System, NullLoggerFactory.Instance);
        var session = engine.Open(IPAddress.Loopback, new RecordedEvents());
        session.Start(EngineRig.Agreed(new IPEndPoint(IPAddress.Loopback, 9)), symmetric: false);
        var record = session.RecordAsync(new MemorySink(), new RecordLimits(), CancellationToken.None);
        var collect = session.CollectDigitAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
        engine.Dispose();
        (await record.WaitAsync(TimeSpan.FromSeconds(10))).End.ShouldBe(RecordEnd.Cancelled);
        await Should.ThrowAsync<OperationCanceledException>(collect);
        await session.DisposeAsync();
        (await session.RecordAsync(new MemorySink(), new RecordLimits(), CancellationToken.None)).End.ShouldBe(RecordEnd.Cancelled);
    }

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
