using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media.Engine;
using Postbell.Media.Sdp;

namespace Postbell.Media.Tests.Engine;

/// <summary>An engine without threads, in fake time, with one session and a peer on a network in memory.</summary>
internal sealed class EngineRig : IDisposable
{
    private long _ticks;

    public static readonly IPAddress ServerAddress = IPAddress.Parse("10.0.0.1");
    public static readonly IPAddress PeerAddress = IPAddress.Parse("10.0.0.2");

    public EngineRig(IPacketNetwork? network = null, IPAddress? server = null, IPAddress? peer = null, MediaEngineOptions? options = null)
    {
        Memory = network as InMemoryNetwork ?? (network is null ? new InMemoryNetwork() : null);
        Network = network ?? Memory!;
        var engineOptions = options ?? (Memory is null ? new MediaEngineOptions { FirstPort = 0, LastPort = 1 } : new MediaEngineOptions());
        Engine = new MediaEngine(engineOptions, Time, NullLoggerFactory.Instance, Network, threaded: false);
        Session = Engine.Open(server ?? ServerAddress, Events);
        Peer = new FakePeer(this, peer ?? PeerAddress);
    }

    public SteppedTime Time { get; } = new();

    public IPacketNetwork Network { get; }

    public InMemoryNetwork? Memory { get; }

    public MediaEngine Engine { get; }

    public MediaSession Session { get; }

    public FakePeer Peer { get; }

    public RecordedEvents Events { get; } = new();

    public MemorySink Sink { get; } = new();

    /// <summary>Called before each 20 ms, with the number of the frame.</summary>
    public Action<int>? EachFrame { get; set; }

    public int Frame { get; private set; }

    public static NegotiatedAudio Agreed(IPEndPoint remote, G711Law law = G711Law.Mu, MediaDirection direction = MediaDirection.SendRecv, int ptime = 20) => new()
    {
        RemoteRtp = remote,
        RemoteRtcp = new IPEndPoint(remote.Address, remote.Port + 1),
        PayloadType = law == G711Law.A ? (byte)8 : (byte)0,
        Codec = law == G711Law.A ? VoiceCodec.Pcma : VoiceCodec.Pcmu,
        TelephoneEventPayloadType = 101,
        Direction = direction,
        Ptime = ptime,
        Body = default,
    };

    public EngineRig Start(bool symmetric = false, G711Law law = G711Law.Mu, int ptime = 20)
    {
        Session.Start(Agreed(Peer.Rtp.Local, law, ptime: ptime), symmetric);
        Engine.Step();
        return this;
    }

    /// <summary>Lets time pass in the engine's own steps.</summary>
    public void Run(int milliseconds)
    {
        for (var i = 0; i < milliseconds * 1_000_000L / EngineLoop.TickNs; i++)
        {
            Tick();
        }
    }

    /// <summary>One step of the engine.</summary>
    public void Tick()
    {
        if (_ticks++ % EngineLoop.Slots == 0)
        {
            EachFrame?.Invoke(Frame++);
        }

        Time.Advance(TimeSpan.FromTicks(EngineLoop.TickNs / 100));
        Engine.Step();
    }

    /// <summary>Lets time pass until a task ends.</summary>
    public async Task<T> RunUntil<T>(Task<T> task, int limitMilliseconds = 60_000)
    {
        for (var passed = 0; !task.IsCompleted && passed < limitMilliseconds; passed += 20)
        {
            Run(20);
        }

        task.IsCompleted.ShouldBeTrue($"not ended after {limitMilliseconds} ms");
        return await task;
    }

    public void Dispose() => Engine.Dispose();
}
