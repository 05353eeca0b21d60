using Postbell.Sip.Messages;

namespace Postbell.Sip.Transport;

/// <summary>What the transports are called on the wire, and their usual ports (RFC 3261 sections 18.1.1 and 19.1.2).</summary>
internal static class SipTransports
{
    public static int DefaultPort(SipTransport transport) => transport switch
    {
        SipTransport.Tls => 5061,
        SipTransport.Ws => 80,
        SipTransport.Wss => 443,
        _ => 5060,
    };

    public static string ViaName(SipTransport transport) => transport switch
    {
        SipTransport.Tls => "TLS",
        SipTransport.Tcp => "TCP",
        SipTransport.Ws => "WS",
        SipTransport.Wss => "WSS",
        _ => "UDP",
    };

    /// <summary>The transport parameter of a sip URI; null where it can be left out.</summary>
    public static string? ParameterOf(SipTransport transport) => transport switch
    {
        SipTransport.Tls => "tls",
        SipTransport.Tcp => "tcp",
        // One name for both; whether it is encrypted is said by the scheme (RFC 7118 section 5.3).
        SipTransport.Ws or SipTransport.Wss => "ws",
        _ => null,
    };

    /// <summary>
    /// What a URI asks for, seen from a peer that reached us over <paramref name="known"/>. What began inside TLS stays there, whatever the URI says; to a
    /// WebSocket peer there is no other way than its own connection.
    /// </summary>
    public static SipTransport Toward(SipUri uri, SipTransport known)
    {
        if (known.IsWebSocket())
        {
            return known;
        }

        if (known == SipTransport.Tls || uri.Scheme == "sips")
        {
            return SipTransport.Tls;
        }

        return uri.Parameters["transport"]?.ToUpperInvariant() switch
        {
            null => known,
            "TLS" => SipTransport.Tls,
            "TCP" => SipTransport.Tcp,
            _ => SipTransport.Udp,
        };
    }
}
