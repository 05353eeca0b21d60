using System.Net;

namespace Postbell.Core.Resolution;

/// <summary>Where names are looked up, and how long anybody waits for it.</summary>
public sealed record DnsOptions
{
    /// <summary>Name servers in the order they are asked; empty takes those of <see cref="ResolverFile"/>.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>The system's list of name servers, read at the first look-up and again when it changes.</summary>
    public string ResolverFile { get; init; } = "/etc/resolv.conf";

    /// <summary>Time one server has for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often all servers are asked before the look-up has failed.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Answers kept, good and bad ones; at the limit the oldest goes.</summary>
    public int CacheSize { get; init; } = 2048;

    /// <summary>Longest time an answer is kept, whatever it says itself.</summary>
    public TimeSpan LongestKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Longest time it is kept that there is no such name or record (RFC 2308 section 5).</summary>
    public TimeSpan LongestNoKept { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is kept that no server answered, so that a dead resolver is not asked by every request.</summary>
    public TimeSpan FailureKept { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most questions under way; further ones fail at once.</summary>
    public int MaxUnderWay { get; init; } = 128;
}
