using static Postbell.Media.Engine.LinuxCalls;

namespace Postbell.Media.Engine;

/// <summary>Waits in ppoll on an event descriptor: exact to some microseconds, and a command ends it at once.</summary>
internal sealed unsafe class LinuxSleep : IEngineSleep
{
    private const nuint SlackNs = 1000;

    private int _event = EventDescriptor(0, NonBlocking | CloseOnExec);

    public void Prepare()
    {
        _ = ThreadControl(SetTimerSlack, SlackNs, 0, 0, 0);
        LinuxScheduling.PreferThisThread();
    }

    public void Wait(TimeSpan? time)
    {
        var entry = new PollEntry { Descriptor = _event, Events = PollIn };
        var timeout = default(TimeSpec);
        if (time is { } limit)
        {
            timeout.Seconds = limit.Ticks / TimeSpan.TicksPerSecond;
            timeout.Nanoseconds = limit.Ticks % TimeSpan.TicksPerSecond * 100;
        }

        if (Poll(&entry, 1, time is null ? null : &timeout, null) > 0)
        {
            ulong count;
            _ = Read(_event, &count, sizeof(ulong));
        }
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Write(_event, &one, sizeof(ulong));
    }

    // A late Wake finds -1 and does nothing, rather than a number that means another file by then.
    public void Dispose() => _ = Close(Interlocked.Exchange(ref _event, -1));
}
