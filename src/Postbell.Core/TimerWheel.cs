using System.Collections.Concurrent;

namespace Postbell.Core;

/// <summary>
/// Every timer of the server on one hashed wheel: one <see cref="TimeProvider"/> timer ticks for all, and stands still while nothing is due.
/// Resolution is one tick (10 ms); a timer never fires early.
/// </summary>
/// <remarks>
/// Invariants: only the thread that holds the tick flag touches the slots; new timers come in over a queue; a cancelled timer is dropped when
/// its slot is reached. Callbacks run on the tick thread and must only post work elsewhere.
/// </remarks>
public sealed class TimerWheel : IDisposable
{
    private const int SlotCount = 1024;

    private readonly TimeProvider _time;
    private readonly TimeSpan _tick;
    private readonly long _origin;
    private readonly ConcurrentQueue<WheelTimer> _arrivals = new();
    private readonly WheelTimer?[] _slots = new WheelTimer?[SlotCount];
    private readonly ITimer _driver;
    private readonly Lock _tickGate = new();
    private long _currentTick;
    private long _held;
    private int _pending;
    private volatile bool _disposed;

    /// <summary>Creates a wheel that takes its time from <paramref name="time"/>.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="tick">Resolution; null is 10 ms.</param>
    public TimerWheel(TimeProvider time, TimeSpan? tick = null)
    {
        _time = time;
        _tick = tick ?? TimeSpan.FromMilliseconds(10);
        _origin = time.GetTimestamp();
        _driver = time.CreateTimer(static state => ((TimerWheel)state!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock of the wheel.</summary>
    public TimeProvider Time => _time;

    /// <summary>Timers that have neither fired nor been swept after cancellation.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Calls <paramref name="callback"/> once after <paramref name="due"/>; a negative or zero delay fires at the next tick.</summary>
    public WheelTimer Schedule(TimeSpan due, Action<object?> callback, object? state = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // The extra tick covers the part of the current tick that has passed already: never early.
        var ticks = due <= TimeSpan.Zero ? 1 : ((due.Ticks + _tick.Ticks - 1) / _tick.Ticks) + 1;
        var timer = new WheelTimer(TickNow() + ticks, callback, state);
        _arrivals.Enqueue(timer);
        if (Interlocked.Increment(ref _pending) == 1)
        {
            _driver.Change(_tick, _tick);
        }

        return timer;
    }

    /// <summary>Posts <paramref name="action"/> to <paramref name="executor"/> after <paramref name="due"/>, unless cancelled before it runs there.</summary>
    public WheelTimer Schedule(TimeSpan due, SerialExecutor executor, Action action)
    {
        WheelTimer? timer = null;
        var guarded = () =>
        {
            if (timer is not { IsCancelled: true })
            {
                action();
            }
        };
        timer = Schedule(due, _ => executor.Post(guarded));
        return timer;
    }

    /// <summary>A delay on the wheel.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task DelayAsync(TimeSpan due, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = Schedule(due, static state => ((TaskCompletionSource)state!).TrySetResult(), done);
        await using (cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done))
        {
            try
            {
                await done.Task;
            }
            finally
            {
                timer.Cancel();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        _driver.Dispose();
    }

    private long TickNow() => _time.GetElapsedTime(_origin).Ticks / _tick.Ticks;

    private void OnTick()
    {
        // A tick that finds another still running leaves the work to it: the other reads the clock again before it ends.
        if (!_tickGate.TryEnter())
        {
            return;
        }

        try
        {
            if (_held == 0)
            {
                // Nothing waits in the slots: the hours of a rest are not gone through tick by tick.
                _currentTick = Math.Max(_currentTick, TickNow() - 1);
            }

            Accept();
            for (var now = TickNow(); _currentTick < now; now = TickNow())
            {
                _currentTick++;
                Accept();
                FireSlot((int)(_currentTick % SlotCount));
            }

            if (Volatile.Read(ref _pending) == 0)
            {
                Rest();
            }
        }
        finally
        {
            _tickGate.Exit();
        }
    }

    private void Rest()
    {
        _driver.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // A timer may have come in between the check and the stop.
        if (Volatile.Read(ref _pending) != 0 && !_disposed)
        {
            _driver.Change(_tick, _tick);
        }
    }

    private void Accept()
    {
        while (_arrivals.TryDequeue(out var timer))
        {
            if (timer.DueTick <= _currentTick)
            {
                timer.DueTick = _currentTick + 1;
            }

            ref var slot = ref _slots[timer.DueTick % SlotCount];
            timer.Next = slot;
            slot = timer;
            _held++;
        }
    }

    private void FireSlot(int index)
    {
        var timer = _slots[index];
        _slots[index] = null;
        WheelTimer? keep = null;
        while (timer is not null)
        {
            var next = timer.Next;
            timer.Next = null;
            if (timer.DueTick > _currentTick && !timer.IsCancelled)
            {
                timer.Next = keep;
                keep = timer;
            }
            else
            {
                _held--;
                Interlocked.Decrement(ref _pending);
                timer.Fire();
            }

            timer = next;
        }

        _slots[index] = keep;
    }
}
