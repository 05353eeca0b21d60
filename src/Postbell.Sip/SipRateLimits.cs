namespace Postbell.Sip;

/// <summary>
/// How much one source address may ask for. Peers that the policy admits get 503 with Retry-After past their limits and are never banned; strangers
/// are banned: nothing they send is read until the ban is over.
/// </summary>
public sealed record SipRateLimits
{
    /// <summary>Requests outside of dialogs an admitted peer may send in a second; twice as many at once.</summary>
    public int PeerRequestsPerSecond { get; init; } = 20_000;

    /// <summary>New calls an admitted peer may make in a second; twice as many at once.</summary>
    public int PeerCallsPerSecond { get; init; } = 5_000;

    /// <summary>Requests, of any kind, a stranger may send in a second.</summary>
    public int StrangerRequestsPerSecond { get; init; } = 5;

    /// <summary>Requests a stranger may send at once.</summary>
    public int StrangerBurst { get; init; } = 20;

    /// <summary>INVITEs outside of dialogs a stranger may send in a minute, ten at once.</summary>
    public int StrangerCallsPerMinute { get; init; } = 30;

    /// <summary>Messages that are no SIP a stranger may send in a minute, ten at once.</summary>
    public int StrangerFailuresPerMinute { get; init; } = 10;

    /// <summary>Length of the first ban; each further one is twice as long.</summary>
    public TimeSpan FirstBan { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest ban, and how long a source must have behaved until its bans are forgotten.</summary>
    public TimeSpan LongestBan { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Source addresses remembered (IPv6: networks of 64 bits). The table has this size from the start and never grows; the quietest source is forgotten first.</summary>
    public int TrackedSources { get; init; } = 8192;
}
