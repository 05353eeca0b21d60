namespace Postbell.Speech;

/// <summary>Counters of the speech worker since start. Safe from any thread.</summary>
public sealed class SpeechStatistics
{
    private readonly long[] _failures = new long[Enum.GetValues<SpeechFailure>().Length];
    private long _spoken;
    private long _starts;

    /// <summary>Texts spoken.</summary>
    public long Spoken => Interlocked.Read(ref _spoken);

    /// <summary>Worker processes started, the first included.</summary>
    public long WorkerStarts => Interlocked.Read(ref _starts);

    /// <summary>Texts not spoken for one reason.</summary>
    public long Failures(SpeechFailure failure) => Interlocked.Read(ref _failures[(int)failure]);

    internal void CountSpoken() => Interlocked.Increment(ref _spoken);

    internal void CountStart() => Interlocked.Increment(ref _starts);

    internal void CountFailure(SpeechFailure failure) => Interlocked.Increment(ref _failures[(int)failure]);
}
