namespace Postbell.Media.Engine;

/// <summary>Somebody waits for a key.</summary>
internal sealed class DigitWait(SessionCore session, TimeSpan timeout) : EngineOperation<char?>
{
    private long _deadlineNs;

    public void Begin(long nowNs) =>
        _deadlineNs = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : nowNs + (long)(timeout.TotalMilliseconds * 1e6);

    public void Step(long nowNs)
    {
        if (nowNs >= _deadlineNs)
        {
            session.Detach(this);
            Complete(null);
        }
    }

    public void Give(char digit)
    {
        session.Detach(this);
        Complete(digit);
    }

    public void Close() => Cancel(new CancellationToken(canceled: true));

    protected override void OnCancelled(CancellationToken ct)
    {
        session.Detach(this);
        Cancel(ct);
    }
}
