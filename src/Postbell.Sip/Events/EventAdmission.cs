namespace Postbell.Sip.Events;

/// <summary>Whether a subscription may begin.</summary>
public readonly record struct EventAdmission
{
    private EventAdmission(string? resource, int status, string? reason) => (Resource, Status, Reason) = (resource, status, reason);

    /// <summary>What is subscribed to, in the words of the package; null where the subscription is refused.</summary>
    public string? Resource { get; }

    /// <summary>Status of the refusal, 300 to 699; 0 where there is none.</summary>
    public int Status { get; }

    /// <summary>Reason phrase of the refusal; null is the usual one.</summary>
    public string? Reason { get; }

    /// <summary>It may.</summary>
    public static EventAdmission To(string resource) => new(resource, 0, null);

    /// <summary>It may not.</summary>
    /// <param name="status">300 to 699.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    public static EventAdmission Refused(int status, string? reason = null) => new(null, status, reason);
}
