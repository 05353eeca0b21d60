namespace Postbell.Directory;

/// <summary>A mailbox that several people use, with an extension of its own if it has one: nobody signs in as it.</summary>
public sealed record TeamMailbox
{
    /// <summary>What its members can do unless it says otherwise: everything but giving rights to others.</summary>
    public const string UsualRights = "lrswipkxte";

    /// <summary>Unique name, 1 to 64 visible characters without a slash; no person has it.</summary>
    public required string Name { get; init; }

    /// <summary>Name that people see and hear.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Name of the dial plan.</summary>
    public required string DialPlan { get; init; }

    /// <summary>Extension at which callers leave messages for it; empty when it has none.</summary>
    public string Extension { get; init; } = "";

    /// <summary>Sign-in names of those who use it.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What each of them can do, in the letters of RFC 4314.</summary>
    public string Rights { get; init; } = UsualRights;
}
