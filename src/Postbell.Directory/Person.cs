namespace Postbell.Directory;

/// <summary>Somebody who has a mailbox and can be called.</summary>
public sealed record Person
{
    /// <summary>Number of the mailbox account.</summary>
    public required long AccountId { get; init; }

    /// <summary>Name for signing in.</summary>
    public required string UserName { get; init; }

    /// <summary>Name as people see and hear it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Address that messages are sent to.</summary>
    public required string EmailAddress { get; init; }

    /// <summary>Name of the dial plan.</summary>
    public required string DialPlan { get; init; }

    /// <summary>Primary extension: digits, as many as the dial plan says.</summary>
    public required string Extension { get; init; }

    /// <summary>More extensions in the same dial plan.</summary>
    public IReadOnlyList<string> SecondaryExtensions { get; init; } = [];

    /// <summary>SIP address (<c>user@domain</c>) or E.164 number in dial plans of those types.</summary>
    public string? SipResourceIdentifier { get; init; }

    /// <summary>More numbers by which the person is known as a caller, for instance a mobile.</summary>
    public IReadOnlyList<string> CallingLineIds { get; init; } = [];

    /// <summary>Name of the mailbox policy; null is the first of the dial plan.</summary>
    public string? Policy { get; init; }
}
