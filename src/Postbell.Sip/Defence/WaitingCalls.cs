namespace Postbell.Sip.Defence;

/// <summary>
/// How long new calls wait between their receipt and the moment somebody looks at them: the sign of a server that has more to do than it can. Refusing
/// the next call then costs little, and keeps the wait of those that were taken short.
/// </summary>
/// <remarks>
/// Invariants: any thread may call; calls leave the line about in the order they entered, so the time of the oldest is that of its place in the ring.
/// A place nobody stands in holds zero, so that a call on its way into it is not taken for one of long ago.
/// </remarks>
internal sealed class WaitingCalls(TimeProvider time, TimeSpan longest)
{
    private const int Places = 8192;

    // Few calls are no overload, however long the first of them takes: a server that just started compiles on the way.
    private const int Few = 32;

    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(1);

    private readonly long[] _enteredAt = new long[Places];
    private long _entered;
    private long _left;

    /// <summary>True while the line is longer than the server can answer in time; new calls should be refused.</summary>
    public bool IsTooLong => Age is var age && ((age > longest && Waiting >= Few) || age > s_stuck);

    private long Waiting => Volatile.Read(ref _entered) - Volatile.Read(ref _left);

    /// <summary>How long the first in line has waited; zero when nobody waits.</summary>
    public TimeSpan Age
    {
        get
        {
            var left = Volatile.Read(ref _left);
            var waiting = Volatile.Read(ref _entered) - left;
            if (waiting >= Places)
            {
                return TimeSpan.MaxValue;
            }

            var since = waiting > 0 ? Volatile.Read(ref _enteredAt[left % Places]) : 0;
            return since == 0 ? TimeSpan.Zero : time.GetElapsedTime(since);
        }
    }

    /// <summary>A call was received and put in line.</summary>
    public void Enter()
    {
        var place = Interlocked.Increment(ref _entered) - 1;
        Volatile.Write(ref _enteredAt[place % Places], time.GetTimestamp());
    }

    /// <summary>Somebody looks at the next call.</summary>
    public void Leave()
    {
        var place = Interlocked.Increment(ref _left) - 1;
        Volatile.Write(ref _enteredAt[place % Places], 0);
    }
}
