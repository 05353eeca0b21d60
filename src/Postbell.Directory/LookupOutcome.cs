namespace Postbell.Directory;

/// <summary>How a search for a person by number ended.</summary>
public enum LookupOutcome
{
    /// <summary>Exactly one person has the number.</summary>
    Found,

    /// <summary>The number has the form of the dial plan, but nobody has it.</summary>
    NotProvisioned,

    /// <summary>The number does not have the form of the dial plan's <see cref="UriType"/>.</summary>
    Malformed,

    /// <summary>There is no such dial plan.</summary>
    UnknownDialPlan,
}
