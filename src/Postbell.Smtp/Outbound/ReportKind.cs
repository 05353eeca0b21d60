namespace Postbell.Smtp.Outbound;

/// <summary>What a report says (the Action field of RFC 3464 section 2.3.3).</summary>
internal enum ReportKind
{
    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not reached for hours, still being tried.</summary>
    Delayed,

    /// <summary>In a mailbox of this server.</summary>
    Delivered,

    /// <summary>Handed to a server that says nothing of what comes then.</summary>
    Relayed,
}
