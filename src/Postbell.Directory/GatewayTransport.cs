namespace Postbell.Directory;

/// <summary>Transport for requests that are sent to a gateway outside of a call.</summary>
public enum GatewayTransport
{
    /// <summary>SIP over UDP.</summary>
    Udp,

    /// <summary>SIP over TCP.</summary>
    Tcp,

    /// <summary>SIP over TLS; the gateway's certificate must carry its host name, or its address where it has none.</summary>
    Tls,
}
