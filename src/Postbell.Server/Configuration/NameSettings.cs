using System.Net;

namespace Postbell.Server.Configuration;

/// <summary>How host names are looked up.</summary>
internal sealed record NameSettings
{
    /// <summary>Name servers; none takes those of the system.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>Time one name server has for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an address that did not answer is left out.</summary>
    public TimeSpan UnreachableFor { get; init; } = TimeSpan.FromMinutes(2);
}
