namespace Postbell.Smtp.Outbound;

/// <summary>What the queue does with a message.</summary>
public enum OutboundQueueState
{
    /// <summary>It waits for a connection.</summary>
    Waiting,

    /// <summary>It is being sent.</summary>
    Working,

    /// <summary>An attempt failed; the next one has a time.</summary>
    Retrying,
}
