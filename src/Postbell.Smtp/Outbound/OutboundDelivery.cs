namespace Postbell.Smtp.Outbound;

/// <summary>One recipient of a message in the queue.</summary>
public sealed record OutboundDelivery
{
    /// <summary>Address and wishes.</summary>
    public required OutboundRecipient Recipient { get; init; }

    /// <summary>How far it is.</summary>
    public OutboundRecipientState State { get; init; }

    /// <summary>Enhanced status code (RFC 3463) of the last attempt; empty before it.</summary>
    public string Status { get; init; } = "";

    /// <summary>Who was asked last: host and port, or the domain where no server was reached; empty before the first attempt.</summary>
    public string Server { get; init; } = "";

    /// <summary>What the server said last, or why it could not be asked; empty before the first attempt.</summary>
    public string LastAnswer { get; init; } = "";

    /// <summary>True when <see cref="LastAnswer"/> is what a server said.</summary>
    public bool IsServersWord { get; init; }

    /// <summary>When it was tried last; null before the first attempt.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The next server reports success itself.</summary>
    public bool ReportsPassedOn { get; init; }

    /// <summary>The sender has been told what became of it, or need not be.</summary>
    public bool IsReported { get; init; }
}
