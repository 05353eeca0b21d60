using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Media.Engine;

namespace Postbell.Media;

/// <summary>
/// Moves the media of all calls: a few threads, each owning the sockets of its sessions and waking at absolute deadlines. No thread, timer or task per
/// call, no allocation per packet.
/// </summary>
public sealed class MediaEngine : IDisposable
{
    private readonly EngineThread[] _threads;
    private readonly EngineLoop[] _loops;
    private readonly PortAllocator _ports;

    /// <summary>Creates the engine and starts its threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public MediaEngine(MediaEngineOptions options, TimeProvider time, ILoggerFactory log)
        : this(options, time, log, LinuxPacketNetwork.IsSupported ? new LinuxPacketNetwork() : new PortablePacketNetwork(), threaded: true)
    {
    }

    internal MediaEngine(MediaEngineOptions options, TimeProvider time, ILoggerFactory log, IPacketNetwork network, bool threaded)
    {
        Check(options);
        var clock = new EngineClock(time);
        var logger = log.CreateLogger<MediaEngine>();
        _ports = new PortAllocator(network, options.FirstPort, options.LastPort);
        _threads = threaded
            ? [.. Enumerable.Range(0, options.Threads).Select(i => new EngineThread(i, clock, options, network.CreateBatch(), logger))]
            : [];
        _loops = threaded
            ? [.. _threads.Select(t => t.Loop)]
            : [new EngineLoop(clock, options, network.CreateBatch(), static () => { }, logger)];
    }

    /// <summary>Counters since the start. Any thread.</summary>
    public MediaEngineStatistics Statistics
    {
        get
        {
            var counters = Array.ConvertAll(_loops, l => l.Counters);
            var lateness = Array.ConvertAll(_loops, l => l.Lateness);
            return new MediaEngineStatistics
            {
                Sessions = _loops.Sum(l => l.SessionCount),
                PacketsIn = counters.Sum(c => Volatile.Read(ref c.PacketsIn)),
                PacketsOut = counters.Sum(c => Volatile.Read(ref c.PacketsOut)),
                ForeignPackets = counters.Sum(c => Volatile.Read(ref c.Foreign)),
                MalformedPackets = counters.Sum(c => Volatile.Read(ref c.Malformed)),
                UnauthenticPackets = counters.Sum(c => Volatile.Read(ref c.Unauthentic)),
                SendFailures = counters.Sum(c => Volatile.Read(ref c.SendFailures)),
                Ticks = lateness.Sum(l => l.Count),
                SkippedTicks = counters.Sum(c => Volatile.Read(ref c.SkippedTicks)),
                LatenessP99 = LatenessHistogram.Percentile(lateness, 0.99),
                LatenessMax = lateness.Max(l => l.Max),
            };
        }
    }

    /// <summary>Opens the ports of one call: an even one for RTP, the next for RTCP. Any thread.</summary>
    /// <param name="local">Address to bind, one of this machine's; it is what the session description names.</param>
    /// <param name="events">Receives what the session reports.</param>
    /// <exception cref="MediaPortsExhaustedException">No pair of ports is free, or the system allows no more sockets.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is none of this machine's.</exception>
    public MediaSession Open(IPAddress local, IMediaSessionEvents events)
    {
        var (rtp, rtcp) = _ports.Bind(local);
        var loop = _loops.MinBy(l => l.SessionCount)!;
        return new MediaSession(loop, new SessionCore(loop, rtp, rtcp, events, SessionIdentity.Random()), rtp.Local);
    }

    /// <summary>Closes every session and ends the threads.</summary>
    public void Dispose()
    {
        foreach (var thread in _threads)
        {
            thread.Dispose();
        }

        foreach (var loop in _loops)
        {
            loop.Stop();
        }
    }

    /// <summary>Does what is due by the clock, for an engine without threads.</summary>
    internal void Step()
    {
        foreach (var loop in _loops)
        {
            loop.RunDue();
        }
    }

    private static void Check(MediaEngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FirstPort, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.LastPort, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LastPort, options.FirstPort + 1);
    }
}
