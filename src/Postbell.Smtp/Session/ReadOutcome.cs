namespace Postbell.Smtp.Session;

/// <summary>How an attempt to read from the client ended.</summary>
internal enum ReadOutcome
{
    /// <summary>What was asked for is there.</summary>
    Complete,

    /// <summary>The client closed the connection.</summary>
    Closed,

    /// <summary>The client was silent for too long, or took too long.</summary>
    TimedOut,

    /// <summary>The server is shutting down.</summary>
    Stopping,

    /// <summary>A line was longer than allowed; it has been passed over.</summary>
    LineTooLong,

    /// <summary>A line ended with LF alone, or a message has a CR alone.</summary>
    BareLineEnd,
}
