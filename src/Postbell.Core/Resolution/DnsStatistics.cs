namespace Postbell.Core.Resolution;

/// <summary>Counters of the look-ups since the start. Safe from any thread.</summary>
public sealed class DnsStatistics
{
    private readonly long[] _outcomes = new long[Enum.GetValues<DnsOutcome>().Length];
    private long _cacheHits;
    private long _timeouts;
    private long _unusable;
    private long _overTcp;
    private long _foreign;

    /// <summary>Questions that servers answered with records.</summary>
    public long Found => Volatile.Read(ref _outcomes[(int)DnsOutcome.Found]);

    /// <summary>Questions that servers answered with no such name or record.</summary>
    public long None => Volatile.Read(ref _outcomes[(int)DnsOutcome.None]);

    /// <summary>Questions that no server answered, or that were too many at once.</summary>
    public long Failed => Volatile.Read(ref _outcomes[(int)DnsOutcome.Failed]);

    /// <summary>Questions answered from what was known.</summary>
    public long CacheHits => Volatile.Read(ref _cacheHits);

    /// <summary>Times one server gave no answer in its time.</summary>
    public long Timeouts => Volatile.Read(ref _timeouts);

    /// <summary>Answers that said the server failed or refused, or that could not be read.</summary>
    public long Unusable => Volatile.Read(ref _unusable);

    /// <summary>Answers that were too long for a datagram and asked for again over TCP.</summary>
    public long OverTcp => Volatile.Read(ref _overTcp);

    /// <summary>Datagrams that answered no question of ours: somebody may be guessing.</summary>
    public long Foreign => Volatile.Read(ref _foreign);

    internal void Count(DnsOutcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);

    internal void CountCacheHit() => Interlocked.Increment(ref _cacheHits);

    internal void CountTimeout() => Interlocked.Increment(ref _timeouts);

    internal void CountUnusable() => Interlocked.Increment(ref _unusable);

    internal void CountOverTcp() => Interlocked.Increment(ref _overTcp);

    internal void CountForeign() => Interlocked.Increment(ref _foreign);
}
