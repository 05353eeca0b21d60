namespace Postbell.Sip.Events;

/// <summary>What is known of a resource at one moment.</summary>
public sealed class EventState
{
    private EventState(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>It cannot be told at the moment. Subscribers hear nothing, or of a new subscription that there is one; the state is read again soon.</summary>
    public static EventState Unknown { get; } = new(default);

    /// <summary>The resource is gone for good: its subscriptions end.</summary>
    public static EventState Gone { get; } = new(default);

    /// <summary>The body of a notification.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The state as the body of a notification.</summary>
    public static EventState Of(ReadOnlyMemory<byte> body) => new(body);
}
