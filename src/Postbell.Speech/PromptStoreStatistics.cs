namespace Postbell.Speech;

/// <summary>Counters of the prompt store since start. Safe from any thread.</summary>
public sealed class PromptStoreStatistics
{
    private readonly long[] _failures = new long[Enum.GetValues<SpeechFailure>().Length];
    private long _memoryHits;
    private long _diskHits;
    private long _rendered;
    private long _damaged;
    private long _diskFailures;

    /// <summary>Prompts found in memory.</summary>
    public long MemoryHits => Interlocked.Read(ref _memoryHits);

    /// <summary>Prompts read from the folder.</summary>
    public long DiskHits => Interlocked.Read(ref _diskHits);

    /// <summary>Prompts the engine spoke.</summary>
    public long Rendered => Interlocked.Read(ref _rendered);

    /// <summary>Files that were damaged and rendered again.</summary>
    public long DamagedFiles => Interlocked.Read(ref _damaged);

    /// <summary>Prompts that could not be written to the folder; they are used all the same.</summary>
    public long DiskFailures => Interlocked.Read(ref _diskFailures);

    /// <summary>Prompts that a call asked for and did not get, for one reason.</summary>
    public long Failures(SpeechFailure failure) => Interlocked.Read(ref _failures[(int)failure]);

    /// <summary>Prompts that a call asked for and did not get.</summary>
    public long TotalFailures => _failures.Sum();

    internal void CountMemoryHit() => Interlocked.Increment(ref _memoryHits);

    internal void CountDiskHit() => Interlocked.Increment(ref _diskHits);

    internal void CountRendered() => Interlocked.Increment(ref _rendered);

    internal void CountDamaged() => Interlocked.Increment(ref _damaged);

    internal void CountDiskFailure() => Interlocked.Increment(ref _diskFailures);

    internal void CountFailure(SpeechFailure failure) => Interlocked.Increment(ref _failures[(int)failure]);
}
