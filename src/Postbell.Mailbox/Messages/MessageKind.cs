namespace Postbell.Mailbox;

/// <summary>What a message is to a telephone user. The numbers are stored.</summary>
public enum MessageKind
{
    /// <summary>Ordinary mail.</summary>
    Mail = 0,

    /// <summary>A voice message.</summary>
    Voice = 1,

    /// <summary>A note of a call that left no message.</summary>
    MissedCall = 2,

    /// <summary>A fax.</summary>
    Fax = 3,

    /// <summary>A short text that came by telephone signalling (SIP MESSAGE).</summary>
    Text = 4,
}

/// <summary>How urgent the sender marked a message. The numbers are stored.</summary>
public enum MessageImportance
{
    /// <summary>Not marked.</summary>
    Normal = 0,

    /// <summary>Marked low.</summary>
    Low = 1,

    /// <summary>Marked high.</summary>
    High = 2,
}

/// <summary>How the sender wants a message treated (RFC 2156 Sensitivity). The numbers are stored.</summary>
public enum MessageSensitivity
{
    /// <summary>Not marked.</summary>
    Normal = 0,

    /// <summary>Personal.</summary>
    Personal = 1,

    /// <summary>Private.</summary>
    Private = 2,

    /// <summary>Company confidential.</summary>
    Confidential = 3,
}
