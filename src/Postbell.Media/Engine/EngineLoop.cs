using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Media.Codecs;

namespace Postbell.Media.Engine;

/// <summary>
/// The work of one engine thread, without the thread: sessions in eight slots of the 20 ms period, so that their work is spread over it; commands that
/// other threads post. <see cref="RunDue"/> does what is due by the clock; the thread calls it at deadlines, tests whenever they moved their clock.
/// </summary>
internal sealed partial class EngineLoop
{
    /// <summary>Slots of the period.</summary>
    public const int Slots = 8;

    /// <summary>Time between ticks: one slot.</summary>
    public const long TickNs = 20_000_000 / Slots;

    // After a longer stop (a suspended machine) ticks are left out instead of run in a burst.
    private const long MaxCatchUp = 200_000_000 / TickNs;
    private const long ClockCheckTicks = 1_000_000_000 / TickNs;

    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<SessionCore>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<SessionCore>())];
    private readonly HashSet<SessionCore> _sessions = [];
    private readonly Action _wake;
    private readonly ILogger _log;
    private long _nextTick;
    private int _sessionCount;
    private bool _stopped;

    public EngineLoop(EngineClock clock, MediaEngineOptions options, PacketBatch batch, Action wake, ILogger log)
    {
        Clock = clock;
        Options = options;
        Batch = batch;
        _wake = wake;
        _log = log;
        UnixOffsetNs = clock.UnixNs - clock.NowNs;
    }

    public EngineClock Clock { get; }

    public MediaEngineOptions Options { get; }

    public PacketBatch Batch { get; }

    /// <summary>Where a packet is put together.</summary>
    public byte[] SendBuffer { get; } = GC.AllocateArray<byte>(1024, pinned: true);

    /// <summary>Where a packet is decoded, or the audio of one put together.</summary>
    public short[] Samples { get; } = new short[IAudioDecoder.MaxSamples];

    /// <summary>Where lost audio is put together.</summary>
    public short[] Fill { get; } = new short[IAudioDecoder.MaxSamples];

    public EngineCounters Counters { get; } = new();

    public LatenessHistogram Lateness { get; } = new();

    public int SessionCount => Volatile.Read(ref _sessionCount);

    /// <summary>Unix time minus engine time, looked up once a second.</summary>
    public long UnixOffsetNs { get; private set; }

    public bool HasCommands => !_commands.IsEmpty;

    /// <summary>Runs work on the loop, soon. Any thread.</summary>
    public void Post(Action command)
    {
        _commands.Enqueue(command);
        if (Volatile.Read(ref _stopped))
        {
            RunAfterEnd();
        }
        else
        {
            _wake();
        }
    }

    /// <summary>Runs commands and every tick whose time has come.</summary>
    public void RunDue()
    {
        var now = Clock.NowNs;
        RunCommands();
        var due = now / TickNs;
        if (_sessions.Count == 0)
        {
            _nextTick = due + 1;
            return;
        }

        if (due - _nextTick > MaxCatchUp)
        {
            Counters.SkippedTicks += due - _nextTick;
            _nextTick = due;
        }

        while (_nextTick <= due)
        {
            var tick = _nextTick++;
            if (_slots[tick % Slots].Count > 0)
            {
                Lateness.Add(Clock.NowNs - (tick * TickNs));
            }

            RunTick(tick);
            RunCommands();
        }
    }

    /// <summary>
    /// A time of arrival told by the kernel, as engine time; <paramref name="now"/> when it told none or one that cannot be, because the clock was set.
    /// </summary>
    public long EngineTime(long unixNs, long now)
    {
        var arrival = unixNs - UnixOffsetNs;
        return unixNs == 0 || Math.Abs(now - arrival) > 1_000_000_000 ? now : arrival;
    }

    /// <summary>Time until the next tick that has sessions to serve; null while there is no session.</summary>
    public TimeSpan? UntilNextTick()
    {
        if (_sessions.Count == 0)
        {
            return null;
        }

        var tick = _nextTick;
        for (var i = 0; i < Slots && _slots[tick % Slots].Count == 0; i++)
        {
            tick++;
        }

        var ns = (tick * TickNs) - Clock.NowNs;
        return ns <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((ns + 99) / 100);
    }

    /// <summary>Puts a session into the slots it needs. Its home slot is the one of <paramref name="tick"/> or, when that is crowded, the next free one.</summary>
    public void Place(SessionCore session, long tick)
    {
        Displace(session);
        var slot = (int)(tick % Slots);
        var crowded = (_sessions.Count / Slots * 2) + 16;
        for (var i = 0; i < Slots && _slots[slot].Count > crowded; i++)
        {
            slot = (slot + 1) % Slots;
        }

        session.HomeSlot = slot;
        for (var s = slot; s < slot + Slots; s += session.SlotStride)
        {
            _slots[s % Slots].Add(session);
        }

        if (_sessions.Add(session))
        {
            Volatile.Write(ref _sessionCount, _sessions.Count);
        }
    }

    /// <summary>Takes a session out for good.</summary>
    public void Remove(SessionCore session)
    {
        Displace(session);
        if (_sessions.Remove(session))
        {
            Volatile.Write(ref _sessionCount, _sessions.Count);
        }
    }

    /// <summary>Closes what is open. Called once the thread, if there is one, has ended; commands that still come run at once.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopped, true);
        RunAfterEnd();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A media session failed.")]
    private static partial void LogFault(ILogger log, Exception exception);

    private void Displace(SessionCore session)
    {
        foreach (var slot in _slots)
        {
            slot.Remove(session);
        }
    }

    private void RunCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            try
            {
                command();
            }
            catch (Exception e)
            {
                LogFault(_log, e);
            }
        }
    }

    private void RunAfterEnd()
    {
        lock (_sessions)
        {
            RunCommands();
            foreach (var session in _sessions.ToArray())
            {
                session.Close();
            }
        }
    }

    private void RunTick(long tick)
    {
        if (tick % ClockCheckTicks == 0)
        {
            UnixOffsetNs = Clock.UnixNs - Clock.NowNs;
        }

        var slot = _slots[tick % Slots];
        for (var i = 0; i < slot.Count; i++)
        {
            try
            {
                slot[i].Visit(tick);
            }
            catch (Exception e)
            {
                // One call's fault (a sink that throws) must not end the others.
                LogFault(_log, e);
                var faulty = slot[i];
                _commands.Enqueue(() => faulty.Fault(e));
            }
        }
    }
}
