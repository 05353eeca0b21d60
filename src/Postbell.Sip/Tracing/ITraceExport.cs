using System.Net;

namespace Postbell.Sip.Tracing;

/// <summary>Takes the messages of calls elsewhere while they pass, without their secrets. Called from any thread: quick, without blocking, without throwing.</summary>
public interface ITraceExport
{
    /// <summary>One message; the bytes are valid during the call only.</summary>
    void Export(DateTimeOffset at, SipDirection direction, SipTransport transport, IPEndPoint local, IPEndPoint remote, ReadOnlySpan<char> callId, ReadOnlySpan<byte> message);
}
