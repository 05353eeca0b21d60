using System.Net;

namespace Postbell.Sip.Tracing;

/// <summary>Where captured messages go.</summary>
public sealed record HepOptions
{
    /// <summary>Address of the collector (UDP).</summary>
    public required IPEndPoint Collector { get; init; }

    /// <summary>Number by which the collector knows this server.</summary>
    public uint CaptureId { get; init; } = 1;

    /// <summary>What the collector asks for, at most 128 characters; null for nothing.</summary>
    public string? Password { get; init; }
}
