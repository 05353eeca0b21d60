namespace Postbell.Smtp.Outbound;

/// <summary>Counts for <see cref="OutboundStatistics"/>.</summary>
internal sealed class OutboundCounters
{
    private long _queued;
    private long _refused;
    private long _sent;
    private long _deferred;
    private long _failed;
    private long _reports;
    private long _sessionFailures;

    public void CountQueued() => Interlocked.Increment(ref _queued);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountDeferred() => Interlocked.Increment(ref _deferred);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountReport() => Interlocked.Increment(ref _reports);

    public void CountSessionFailure() => Interlocked.Increment(ref _sessionFailures);

    public OutboundStatistics Snapshot(int waiting, TimeSpan oldest) => new()
    {
        Queued = Volatile.Read(ref _queued), Refused = Volatile.Read(ref _refused), Sent = Volatile.Read(ref _sent), Deferred = Volatile.Read(ref _deferred),
        Failed = Volatile.Read(ref _failed), Reports = Volatile.Read(ref _reports), SessionFailures = Volatile.Read(ref _sessionFailures),
        Waiting = waiting, Oldest = oldest,
    };
}
