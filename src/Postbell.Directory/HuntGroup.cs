namespace Postbell.Directory;

/// <summary>Binds one gateway to one dial plan for calls to certain pilot numbers.</summary>
public sealed record HuntGroup
{
    /// <summary>Name, unique among the hunt groups of its gateway, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>Name of the dial plan.</summary>
    public required string DialPlan { get; init; }

    /// <summary>Numbers, SIP addresses or names that the telephone system calls; empty is the gateway's default hunt group, which takes every other pilot.</summary>
    public IReadOnlyList<string> PilotIdentifiers { get; init; } = [];

    /// <summary>True for a hunt group without pilots.</summary>
    public bool IsDefault => PilotIdentifiers.Count == 0;
}
