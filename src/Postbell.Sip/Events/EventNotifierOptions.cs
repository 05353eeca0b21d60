namespace Postbell.Sip.Events;

/// <summary>Limits of an <see cref="EventNotifier"/>.</summary>
public sealed record EventNotifierOptions
{
    /// <summary>Most subscriptions at once; the next gets 503.</summary>
    public int MaxSubscriptions { get; init; } = 20_000;

    /// <summary>Most of them from one source (an IPv6 network of 64 bits is one). A proxy is the source of all the phones behind it.</summary>
    public int MaxSubscriptionsPerSource { get; init; } = 10_000;

    /// <summary>Most notifications under way at once, all subscriptions together; others wait for their turn.</summary>
    public int MaxUnderWay { get; init; } = 64;

    /// <summary>How soon a notification is tried again that was refused for now; doubled each time up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time between two attempts, also where the subscriber asks for more (Retry-After).</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When subscribers shall come again after the notifier has stopped.</summary>
    public TimeSpan ComeAgain { get; init; } = TimeSpan.FromSeconds(10);
}
