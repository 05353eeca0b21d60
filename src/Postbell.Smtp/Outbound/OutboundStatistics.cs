namespace Postbell.Smtp.Outbound;

/// <summary>Figures of the queue since its start; the <c>um_outbound_*</c> metrics.</summary>
public sealed record OutboundStatistics
{
    /// <summary>Messages taken.</summary>
    public required long Queued { get; init; }

    /// <summary>Messages not taken: queue full or disk failed.</summary>
    public required long Refused { get; init; }

    /// <summary>Recipients the next server took.</summary>
    public required long Sent { get; init; }

    /// <summary>Recipients put off, once for each attempt.</summary>
    public required long Deferred { get; init; }

    /// <summary>Recipients given up.</summary>
    public required long Failed { get; init; }

    /// <summary>Reports to senders.</summary>
    public required long Reports { get; init; }

    /// <summary>Sessions that could not be opened or broke.</summary>
    public required long SessionFailures { get; init; }

    /// <summary>Messages in the queue.</summary>
    public required int Waiting { get; init; }

    /// <summary>Age of the oldest of them; zero when it is empty.</summary>
    public required TimeSpan Oldest { get; init; }
}
