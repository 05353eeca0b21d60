namespace Postbell.Sip.Events;

/// <summary>
/// An event package that is served (RFC 6665 section 5): what may be subscribed to, and what its state is. The notifier does everything else. Members but
/// <see cref="ReadAsync"/> run on the notifier's executor and do not wait.
/// </summary>
public interface IEventPackage
{
    /// <summary>Its name in the Event header, for instance <c>message-summary</c>.</summary>
    string Name { get; }

    /// <summary>Type of the bodies of its notifications.</summary>
    string ContentType { get; }

    /// <summary>How long its subscriptions live.</summary>
    EventExpiry Expiry { get; }

    /// <summary>Shortest time between two notifications of one subscription.</summary>
    TimeSpan Pace { get; }

    /// <summary>Whether a subscription may begin, and to what.</summary>
    EventAdmission Admit(IncomingRequest subscribe);

    /// <summary>The state of a resource as it is now.</summary>
    ValueTask<EventState> ReadAsync(string resource);

    /// <summary>A notification was answered.</summary>
    /// <param name="status">Status of the final response; 408 where there was none.</param>
    void OnAnswered(int status);
}

/// <summary>How long subscriptions live, in seconds.</summary>
/// <param name="Usual">Where the subscriber does not say.</param>
/// <param name="Shortest">What is asked for at least; less gets 423.</param>
/// <param name="Longest">What is granted at most.</param>
public readonly record struct EventExpiry(int Usual, int Shortest, int Longest);
