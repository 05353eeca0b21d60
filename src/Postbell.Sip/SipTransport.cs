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
}
