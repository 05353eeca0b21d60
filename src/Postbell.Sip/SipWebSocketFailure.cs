namespace Postbell.Sip;

/// <summary>Why a connection to a WebSocket port did not become one (RFC 6455 section 4.2, RFC 7118 section 4.1).</summary>
public enum SipWebSocketFailure
{
    /// <summary>The request took longer than <see cref="SipWebSocketOptions.HandshakeTimeout"/>.</summary>
    Timeout,

    /// <summary>The peer went away.</summary>
    PeerClosed,

    /// <summary>The request is longer than 8 KB or has more than 64 header lines.</summary>
    TooLarge,

    /// <summary>It is no HTTP/1.1 request, or one that can be read in two ways.</summary>
    Malformed,

    /// <summary>Its method is not GET.</summary>
    NotGet,

    /// <summary>It asks for no upgrade to WebSocket.</summary>
    NotUpgrade,

    /// <summary>Its WebSocket version is not 13.</summary>
    WrongVersion,

    /// <summary>Its Sec-WebSocket-Key is missing or is not 16 bytes in base64.</summary>
    BadKey,

    /// <summary>It does not offer the subprotocol "sip".</summary>
    NoSipProtocol,

    /// <summary>A web page of an origin that is not in <see cref="SipWebSocketOptions.AllowedOrigins"/> made it.</summary>
    OriginRefused,

    /// <summary>The peer sent more before it had our answer.</summary>
    EarlyData,
}
