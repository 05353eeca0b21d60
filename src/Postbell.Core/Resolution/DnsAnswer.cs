namespace Postbell.Core.Resolution;

/// <summary>What came of a look-up.</summary>
public enum DnsOutcome
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The servers say that there is no such name, or no such record of it.</summary>
    None,

    /// <summary>No server gave a usable answer.</summary>
    Failed,
}

/// <summary>The answer to one question.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Records">The records of the type asked for, aliases followed; empty unless found.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsRecord> Records, DateTimeOffset ExpiresAt);
