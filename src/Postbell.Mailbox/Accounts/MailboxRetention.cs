namespace Postbell.Mailbox;

/// <summary>How long a mailbox keeps what.</summary>
public sealed record MailboxRetention
{
    /// <summary>Nothing is removed by itself, and what a person removes is gone at once.</summary>
    public static MailboxRetention None { get; } = new();

    /// <summary>How long removed messages can be brought back; zero keeps none.</summary>
    public TimeSpan DeletedItemRetention { get; init; }

    /// <summary>When messages are removed without anybody asking; the first rule that fits a message decides.</summary>
    public IReadOnlyList<RetentionRule> Rules { get; init; } = [];
}

/// <summary>Messages of a folder and a kind go after a time.</summary>
/// <param name="Folder">Folder, with those below it; null for every folder.</param>
/// <param name="Kind">Kind; null for every kind.</param>
/// <param name="Age">Since the message came into that folder; without a folder since its internal date. Null keeps for ever what the rule fits.</param>
public sealed record RetentionRule(string? Folder, MessageKind? Kind, TimeSpan? Age);
