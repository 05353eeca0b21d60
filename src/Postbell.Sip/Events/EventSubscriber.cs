using System.Collections.Concurrent;
using Postbell.Core;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Events;

/// <summary>Our subscriptions at others (RFC 6665, the subscriber's side), and the way of their notifications to them. Any thread.</summary>
public sealed class EventSubscriber(SipEndpoint endpoint, TimerWheel wheel)
{
    private readonly ConcurrentDictionary<(string CallId, string LocalTag), EventSubscription> _subscriptions = new();

    /// <summary>Subscriptions in force or being made.</summary>
    public int Count => _subscriptions.Count;

    /// <summary>Subscribes. The subscription refreshes itself until it is ended from either side.</summary>
    /// <param name="options">To what, and where.</param>
    /// <param name="events">Hears of notifications and of the end.</param>
    public EventSubscription Subscribe(EventSubscriptionOptions options, IEventSubscriptionEvents events)
    {
        var subscription = new EventSubscription(endpoint, wheel, options, events, this);
        _subscriptions[subscription.Key] = subscription;
        subscription.Begin();
        return subscription;
    }

    /// <summary>
    /// Takes a NOTIFY of <see cref="ISipServer.OnRequest"/>. False, and unanswered, when it belongs to no subscription of ours: nobody tells us what we did
    /// not ask for.
    /// </summary>
    public bool TryTake(IncomingRequest notify)
    {
        if (notify.Request.To.Tag is not { } tag || !_subscriptions.TryGetValue((notify.Request.CallId, tag), out var subscription))
        {
            return false;
        }

        subscription.OnNotify(notify);
        return true;
    }

    internal void Remove(EventSubscription subscription) => _subscriptions.TryRemove(KeyValuePair.Create(subscription.Key, subscription));
}

/// <summary>What happens to a subscription; all on its executor.</summary>
public interface IEventSubscriptionEvents
{
    /// <summary>The state, or a change of it; the body may be empty.</summary>
    void OnNotified(SipRequest notify);

    /// <summary>The subscription is over; the last event, exactly once.</summary>
    /// <param name="end">Why, and whether to come again.</param>
    void OnEnded(EventSubscriptionEnd end);
}

/// <summary>The end of a subscription.</summary>
/// <param name="Status">Status of the refused SUBSCRIBE; 0 when the other side ended it by NOTIFY.</param>
/// <param name="Reason">Reason of the last Subscription-State: <c>deactivated</c>, <c>probation</c>, <c>rejected</c>, <c>timeout</c>, <c>giveup</c>, <c>noresource</c>, <c>invariant</c>; null when none was given.</param>
/// <param name="RetryAfter">When to try again at the earliest; null when nothing was said.</param>
public sealed record EventSubscriptionEnd(int Status, string? Reason = null, TimeSpan? RetryAfter = null);

/// <summary>A subscription to make.</summary>
public sealed record EventSubscriptionOptions
{
    /// <summary>Whose state: the Request-URI.</summary>
    public required SipUri Resource { get; init; }

    /// <summary>Who subscribes.</summary>
    public required NameAddress From { get; init; }

    /// <summary>Where it is sent.</summary>
    public required SipDestination Destination { get; init; }

    /// <summary>Event package, for instance <c>message-summary</c>.</summary>
    public required string Package { get; init; }

    /// <summary>Body type understood, for Accept; a notification of another type gets 415.</summary>
    public required string Accept { get; init; }

    /// <summary>Seconds asked for, at least 1.</summary>
    public int Expires { get; init; } = 3600;
}
