using System.Net;

namespace Postbell.Sip.Tracing;

/// <summary>One message of a trace, without its secrets.</summary>
/// <param name="At">When it came or went, to the microsecond.</param>
/// <param name="Direction">Received or sent.</param>
/// <param name="Transport">How it travelled.</param>
/// <param name="Local">Our address.</param>
/// <param name="Remote">The peer's address.</param>
/// <param name="Bytes">What was kept of it; secrets are overwritten with asterisks.</param>
/// <param name="Length">How long it was.</param>
public sealed record TracedMessage(
    DateTimeOffset At, SipDirection Direction, SipTransport Transport, IPEndPoint Local, IPEndPoint Remote, ReadOnlyMemory<byte> Bytes, int Length)
{
    /// <summary>True when only the beginning was kept.</summary>
    public bool IsCut => Length > Bytes.Length;

    /// <summary>Where it came from.</summary>
    public IPEndPoint Source => Direction == SipDirection.Received ? Remote : Local;

    /// <summary>Where it went.</summary>
    public IPEndPoint Destination => Direction == SipDirection.Received ? Local : Remote;
}
