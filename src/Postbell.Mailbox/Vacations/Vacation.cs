namespace Postbell.Mailbox;

/// <summary>The automatic reply of a person who is away.</summary>
public sealed record Vacation
{
    /// <summary>Most characters of the text.</summary>
    public const int MaxText = 16_000;

    /// <summary>Most characters of the subject.</summary>
    public const int MaxSubject = 200;

    /// <summary>False keeps text and times for the next time, and replies to nobody.</summary>
    public bool Enabled { get; init; }

    /// <summary>Replies begin; null is at once.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Replies end; null is never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Subject; empty is that of the message, with <c>Automatic reply:</c> before it.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What the reply says; plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The same sender gets one reply in this time, from 1 to 365 days.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromDays(7);

    /// <summary>True when replies are to be sent at a time.</summary>
    public bool IsActive(DateTimeOffset at) => Enabled && !(at < From) && !(at >= Until);
}
