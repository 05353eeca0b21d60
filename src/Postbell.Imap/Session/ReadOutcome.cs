namespace Postbell.Imap.Session;

/// <summary>How an attempt to read from the client ended.</summary>
internal enum ReadOutcome
{
    /// <summary>What was asked for is there.</summary>
    Complete,

    /// <summary>The client closed the connection.</summary>
    Closed,

    /// <summary>Nothing came in the time a connection may be silent.</summary>
    TimedOut,

    /// <summary>The server is shutting down.</summary>
    Stopping,

    /// <summary>Woken: something happened in the mailbox. Only where the caller asked to be woken.</summary>
    Woken,

    /// <summary>A line was longer than allowed; it has been passed over.</summary>
    LineTooLong,

    /// <summary>A literal would have made the command longer than allowed; the client was not asked to send it, or it has been passed over.</summary>
    LiteralTooLarge,

    /// <summary>A literal is so large, and sent unasked, that only closing the connection helps.</summary>
    LiteralFlood,
}
