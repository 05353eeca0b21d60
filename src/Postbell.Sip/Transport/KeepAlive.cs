namespace Postbell.Sip.Transport;

/// <summary>The keep-alive of connections (RFC 5626 section 3.5.1).</summary>
internal static class KeepAlive
{
    /// <summary>Asks whether the peer is there.</summary>
    public static readonly byte[] Ping = "\r\n\r\n"u8.ToArray();

    /// <summary>Answers.</summary>
    public static readonly byte[] Pong = "\r\n"u8.ToArray();
}
