using Postbell.Delivery.Composing;

namespace Postbell.Delivery;

/// <summary>How the pipeline works.</summary>
public sealed record DeliveryOptions
{
    /// <summary>As whom the server writes.</summary>
    public MailIdentity Identity { get; init; } = new();

    /// <summary>Messages worked on at the same time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Waits before the second, third, ... attempt; the last one repeats.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
    ];

    /// <summary>Longest time for one attempt; then it counts as failed, so that nothing that hangs holds a worker for good.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A message that still fails this long after its call, and has failed once for each of <see cref="RetryDelays"/> since the start, is held for a person.
    /// It is never dropped.
    /// </summary>
    public TimeSpan HoldAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Without the MP3 library: true attaches WAV, and says so in log, count and ledger; false lets messages wait for the library.</summary>
    public bool WavWhenMp3IsMissing { get; init; } = true;
}
