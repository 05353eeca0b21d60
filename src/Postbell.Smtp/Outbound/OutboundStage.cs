namespace Postbell.Smtp.Outbound;

/// <summary>Steps of an outgoing message as its ledger names them. They are stored: a name never changes.</summary>
public static class OutboundStage
{
    /// <summary>Durable in the queue.</summary>
    public const string Queued = "queued";

    /// <summary>The next server has it for a recipient; the detail is its answer.</summary>
    public const string Sent = "sent";

    /// <summary>Not now: tried again later.</summary>
    public const string Deferred = "deferred";

    /// <summary>It will not reach a recipient.</summary>
    public const string Failed = "failed";

    /// <summary>The sender was told.</summary>
    public const string Reported = "reported";
}
