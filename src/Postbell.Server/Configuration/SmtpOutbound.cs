using Postbell.Smtp.Outbound;

namespace Postbell.Server.Configuration;

/// <summary>How mail leaves the server.</summary>
internal sealed record SmtpOutbound
{
    /// <summary>Which way for which domain; the first is for all that no other names.</summary>
    public required IReadOnlyList<OutboundRoute> Routes { get; init; }

    /// <summary>Our name in EHLO; null is the mail domain.</summary>
    public string? HostName { get; init; }

    /// <summary>Envelope sender of voice messages to the mail system; null is postbell at the mail domain.</summary>
    public string? Sender { get; init; }

    /// <summary>How long a message is tried.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>When its sender is warned.</summary>
    public TimeSpan WarnAfter { get; init; } = TimeSpan.FromHours(4);
}
