namespace Postbell.Sip;

/// <summary>How SIP messages travel.</summary>
public enum SipTransport
{
    /// <summary>Datagrams; the transactions repeat what may be lost.</summary>
    Udp,

    /// <summary>A byte stream; messages are framed by Content-Length.</summary>
    Tcp,

    /// <summary>The same byte stream inside TLS 1.2 or later.</summary>
    Tls,

    /// <summary>WebSocket in the clear (RFC 7118), one SIP message in each of its messages. Peers connect to us, never the other way.</summary>
    Ws,

    /// <summary>WebSocket inside TLS.</summary>
    Wss,
}

/// <summary>What follows from the transport.</summary>
public static class SipTransportTraits
{
    /// <summary>True when who listens on the way cannot read.</summary>
    public static bool IsEncrypted(this SipTransport transport) => transport is SipTransport.Tls or SipTransport.Wss;

    /// <summary>True for both forms of WebSocket.</summary>
    public static bool IsWebSocket(this SipTransport transport) => transport is SipTransport.Ws or SipTransport.Wss;

    /// <summary>True where Content-Length is what divides messages; datagrams and WebSocket messages have an end of their own.</summary>
    internal static bool IsStream(this SipTransport transport) => transport is SipTransport.Tcp or SipTransport.Tls;
}
