namespace Postbell.Sip.Defence;

/// <summary>
/// How long new calls wait before somebody looks at them, in the socket's buffer and after their receipt: the sign of a server that has more to do than
/// it can. Refusing the next call then costs little, and keeps the wait of those that were taken short.
/// </summary>
/// <remarks>
/// <para>A machine that stood still for a moment makes callers wait once; they are answered late rather than refused. Overload is what lasts.</para>
/// <para>Invariants: any thread may call; calls leave the line about in the order they entered, so the time of the oldest is that of its place in the
/// ring. A place nobody stands in holds zero, so that a call on its way into it is not taken for one of long ago.</para>
/// </remarks>
internal sealed class WaitingCalls(TimeProvider time, TimeSpan longest)
{
    private const int Places = 8192;

    // Few calls are no overload, however long the first of them takes: a server that just started compiles on the way.
    private const int Few = 32;

    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lasting = TimeSpan.FromMilliseconds(100);

    private readonly long[] _enteredAt = new long[Places];
    private long _entered;
    private long _left;
    private int _unreadInARow;
    private long _lateSince;
    private long _lateAt;

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

    private long Waiting => Volatile.Read(ref _entered) - Volatile.Read(ref _left);

    /// <summary>True while there is more to do than can be done in time; the call that asks should be refused. Ask once for each new call.</summary>
    public bool IsTooLong()
    {
        var age = Age;
        if (age > s_stuck)
        {
            return true;
        }

        if (Volatile.Read(ref _unreadInARow) < Few && (age <= longest || Waiting < Few))
        {
            Volatile.Write(ref _lateSince, 0);
            return false;
        }

        var now = time.GetTimestamp();
        if (Volatile.Read(ref _lateSince) == 0 || time.GetElapsedTime(Volatile.Read(ref _lateAt), now) > s_lasting)
        {
            Volatile.Write(ref _lateSince, now);
        }

        Volatile.Write(ref _lateAt, now);
        return time.GetElapsedTime(Volatile.Read(ref _lateSince), now) >= s_lasting;
    }

    /// <summary>An INVITE is read that stood <paramref name="unread"/> in its socket's buffer.</summary>
    public void Arrive(TimeSpan unread)
    {
        if (unread <= longest)
        {
            Volatile.Write(ref _unreadInARow, 0);
        }
        else if (Volatile.Read(ref _unreadInARow) < Few)
        {
            Interlocked.Increment(ref _unreadInARow);
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
