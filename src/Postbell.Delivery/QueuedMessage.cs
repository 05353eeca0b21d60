using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery;

/// <summary>What the pipeline does with a message.</summary>
public enum QueueState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It is being worked on.</summary>
    Working,

    /// <summary>An attempt failed; the next one has a time.</summary>
    Retrying,

    /// <summary>It waits for a person: refused for good, or failing for days.</summary>
    Held,

    /// <summary>Its envelope cannot be read; recording and envelope stay in the journal.</summary>
    Quarantined,
}

/// <summary>One message of the queue as it is at this moment.</summary>
public sealed record QueuedMessage
{
    /// <summary>The call.</summary>
    public required TraceId Id { get; init; }

    /// <summary>What is done with it.</summary>
    public required QueueState State { get; init; }

    /// <summary>Kind.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>Mailbox; 0 when unknown.</summary>
    public long AccountId { get; init; }

    /// <summary>Person it is for; empty when unknown.</summary>
    public string RecipientName { get; init; } = "";

    /// <summary>When the call came in.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Last step that was done (<see cref="LedgerStage"/>).</summary>
    public string Stage { get; init; } = LedgerStage.Spooled;

    /// <summary>True for a recording that was interrupted by a failure of the server.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Attempts that failed.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When the next attempt is due; null when none is planned.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>What the last attempt failed with; null when none did.</summary>
    public string? LastError { get; init; }
}
