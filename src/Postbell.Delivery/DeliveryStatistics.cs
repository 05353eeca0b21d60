using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>How an attempt to deliver ended.</summary>
public enum DepositResult
{
    /// <summary>The message is in the mailbox.</summary>
    Delivered,

    /// <summary>It was there already: an earlier attempt had died after the commit.</summary>
    Duplicate,

    /// <summary>It failed and is tried again.</summary>
    Failed,

    /// <summary>It was given up for now and waits for a person.</summary>
    Held,

    /// <summary>Its envelope cannot be read.</summary>
    Quarantined,
}

/// <summary>Figures of the pipeline since its start; the <c>um_deposit_*</c> and <c>um_queue_*</c> metrics.</summary>
public sealed record DeliveryStatistics
{
    /// <summary>Upper bounds of the buckets of <see cref="CommitSeconds"/>, in seconds; the last bucket has none.</summary>
    public static IReadOnlyList<double> CommitBounds { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    /// <summary>Ends of attempts by kind and result.</summary>
    public required IReadOnlyDictionary<(MessageKind Kind, DepositResult Result), long> Deposits { get; init; }

    /// <summary>Time from "durable in the spool" to "durable in the mailbox": messages per bucket, not summed up, one more than there are bounds.</summary>
    public required IReadOnlyList<long> CommitSeconds { get; init; }

    /// <summary>Sum of those times in seconds.</summary>
    public required double CommitSecondsSum { get; init; }

    /// <summary>Interrupted recordings recovered.</summary>
    public required long Interrupted { get; init; }

    /// <summary>Messages in the queue by state.</summary>
    public required IReadOnlyDictionary<QueueState, int> Queue { get; init; }

    /// <summary>Age of the oldest call in the queue; zero when it is empty.</summary>
    public required TimeSpan Oldest { get; init; }

    /// <summary>Messages that got WAV because the MP3 library is missing.</summary>
    public required long Mp3Substitutions { get; init; }

    /// <summary>Ledger rows that could not be written. They never hold a message up.</summary>
    public required long LedgerFailures { get; init; }
}
