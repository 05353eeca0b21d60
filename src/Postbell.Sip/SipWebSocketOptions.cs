namespace Postbell.Sip;

/// <summary>How SIP over WebSocket is served (RFC 7118).</summary>
public sealed record SipWebSocketOptions
{
    /// <summary>
    /// Origins (scheme, host and port, such as <c>https://phone.example.com</c>) whose web pages may connect. A browser says the origin of the page and
    /// nobody can make it lie; a program that says none is not held up by this.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Time from the connection, or the end of its TLS handshake, to the whole request for the upgrade.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a quiet connection is pinged. Address translation and proxies forget connections after a minute or two of silence.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A ping without its pong for so long closes the connection.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
