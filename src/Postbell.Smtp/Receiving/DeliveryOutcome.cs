namespace Postbell.Smtp.Receiving;

/// <summary>What became of a message for one recipient.</summary>
internal enum DeliveryOutcome
{
    /// <summary>It is durable.</summary>
    Stored,

    /// <summary>It was stored when it came the first time.</summary>
    StoredBefore,

    /// <summary>The mailbox has gone since RCPT.</summary>
    Gone,

    /// <summary>The store does not take messages of that size.</summary>
    TooLarge,

    /// <summary>The mailbox is as full as its quota allows.</summary>
    OverQuota,

    /// <summary>The disk is full.</summary>
    NoRoom,

    /// <summary>It could not be stored now.</summary>
    Failed,
}
