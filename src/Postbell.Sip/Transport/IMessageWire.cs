namespace Postbell.Sip.Transport;

/// <summary>How messages lie on a connection: one after the other in a byte stream, or each in a WebSocket message.</summary>
internal interface IMessageWire
{
    /// <summary>Time stamp at which a message began to arrive that is not whole yet; 0 while there is none.</summary>
    long PartialSince { get; }

    /// <summary>Hands on every message until the peer ends, nothing more can be read, or the connection closes.</summary>
    Task ReadAllAsync(SipFlow flow, CancellationToken closing);

    /// <summary>Writes one message or keep-alive; never two at once.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Says goodbye, so that the peer can tell the end from a cut, and closes. Whatever fails on the way is no fault.</summary>
    /// <param name="refused">We close because of what the peer did.</param>
    /// <param name="patience">How long the goodbye may take.</param>
    Task EndAsync(bool refused, TimeSpan patience);
}
