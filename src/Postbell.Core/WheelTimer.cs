namespace Postbell.Core;

/// <summary>One timer on a <see cref="TimerWheel"/>. It fires at most once.</summary>
public sealed class WheelTimer
{
    private Action<object?>? _callback;
    private object? _state;
    private volatile bool _cancelled;

    internal WheelTimer(long dueTick, Action<object?> callback, object? state)
    {
        DueTick = dueTick;
        _callback = callback;
        _state = state;
    }

    internal long DueTick { get; set; }

    internal WheelTimer? Next { get; set; }

    /// <summary>True after <see cref="Cancel"/>, whether or not the timer had fired before.</summary>
    public bool IsCancelled => _cancelled;

    /// <summary>Keeps the timer from firing. Safe from any thread and any number of times.</summary>
    public void Cancel()
    {
        _cancelled = true;
        Interlocked.Exchange(ref _callback, null);
        _state = null;
    }

    internal void Fire()
    {
        var state = _state;
        var callback = Interlocked.Exchange(ref _callback, null);
        callback?.Invoke(state);
    }
}
