namespace Postbell.Smtp.Outbound;

/// <summary>What is known of one recipient. The names are stored.</summary>
public enum OutboundRecipientState
{
    /// <summary>Not reached yet.</summary>
    Pending,

    /// <summary>The next server has it.</summary>
    Sent,

    /// <summary>It will not be reached.</summary>
    Failed,
}
