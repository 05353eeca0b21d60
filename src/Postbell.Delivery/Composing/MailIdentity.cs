namespace Postbell.Delivery.Composing;

/// <summary>As whom the server writes messages.</summary>
public sealed record MailIdentity
{
    /// <summary>Host name for Message-IDs, for instance <c>voicemail.example.com</c>.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Address that messages of unknown callers come from; the caller is its display name.</summary>
    public string SystemAddress { get; init; } = "postbell@localhost";

    /// <summary>IANA name of the zone for people whose own is not known; null is UTC.</summary>
    public string? TimeZone { get; init; }
}
