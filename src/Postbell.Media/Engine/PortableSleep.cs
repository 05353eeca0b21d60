namespace Postbell.Media.Engine;

/// <summary>Waits on an event; exact to the timer of the system.</summary>
internal sealed class PortableSleep : IEngineSleep
{
    private readonly AutoResetEvent _event = new(false);

    public void Prepare()
    {
    }

    public void Wait(TimeSpan? time) => _event.WaitOne(time ?? Timeout.InfiniteTimeSpan);

    public void Wake() => _event.Set();

    public void Dispose() => _event.Dispose();
}
