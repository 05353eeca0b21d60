namespace Postbell.Directory;

/// <summary>People who get the mail of one address together.</summary>
public sealed record DistributionGroup
{
    /// <summary>Most members of one group.</summary>
    public const int MaxMembers = 5000;

    /// <summary>Name, unique among the groups, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>E-mail address.</summary>
    public required string Address { get; init; }

    /// <summary>Extensions, user names or e-mail addresses of people, or names or addresses of other groups.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Whose mail it takes.</summary>
    public GroupSenders AcceptFrom { get; init; } = GroupSenders.People;
}
