using System.Buffers;
using System.Text;

namespace Postbell.Sip.Transport;

/// <summary>
/// The request that makes a connection a WebSocket (RFC 6455 section 4.2.1) for SIP (RFC 7118 section 4.1), read strictly: what two programs could read in
/// two ways is refused. Pure; it takes any bytes.
/// </summary>
/// <param name="Failure">What is wrong; null when it can be accepted.</param>
/// <param name="Key">Sec-WebSocket-Key.</param>
/// <param name="Protocol">The subprotocol as the peer wrote it.</param>
internal readonly record struct WebSocketUpgradeRequest(SipWebSocketFailure? Failure, string Key = "", string Protocol = "")
{
    /// <summary>Longest request, bytes.</summary>
    public const int LongestHead = 8192;

    private const int MostLines = 64;

    private static readonly SearchValues<byte> s_tokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Reads a head that ends with an empty line.</summary>
    public static WebSocketUpgradeRequest Parse(ReadOnlySpan<byte> head, IReadOnlyList<string> allowedOrigins)
    {
        if (head.Length > LongestHead)
        {
            return new(SipWebSocketFailure.TooLarge);
        }

        if (!head.EndsWith("\r\n\r\n"u8) || !TryLine(ref head, out var requestLine))
        {
            return new(SipWebSocketFailure.Malformed);
        }

        var fields = new Fields();
        for (var lines = 0; head.Length > 2; lines++)
        {
            if (lines == MostLines)
            {
                return new(SipWebSocketFailure.TooLarge);
            }

            if (!TryLine(ref head, out var line) || !fields.TryTake(line))
            {
                return new(SipWebSocketFailure.Malformed);
            }
        }

        var failure = RequestLine(requestLine) ?? fields.Problem(allowedOrigins);
        return failure is null ? new(null, fields.Key!, fields.Protocol!) : new(failure);
    }

    /// <summary>Takes one line; false for an empty one, a line break that is not CR LF, and control characters.</summary>
    private static bool TryLine(ref ReadOnlySpan<byte> head, out ReadOnlySpan<byte> line)
    {
        var end = head.IndexOf("\r\n"u8);
        line = end <= 0 ? default : head[..end];
        head = end < 0 ? default : head[(end + 2)..];
        return end > 0 && !line.ContainsAnyInRange((byte)0, (byte)8) && !line.ContainsAnyInRange((byte)10, (byte)31) && !line.Contains((byte)127);
    }

    private static SipWebSocketFailure? RequestLine(ReadOnlySpan<byte> line)
    {
        var method = line.IndexOf((byte)' ');
        var version = line.LastIndexOf((byte)' ');
        if (method <= 0 || version <= method + 1 || line[..method].ContainsAnyExcept(s_tokenBytes) || !line[(version + 1)..].SequenceEqual("HTTP/1.1"u8)
            || line[(method + 1)..version].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return SipWebSocketFailure.Malformed;
        }

        return line[..method].SequenceEqual("GET"u8) ? null : SipWebSocketFailure.NotGet;
    }

    /// <summary>The header fields that matter.</summary>
    private struct Fields
    {
        private bool _host;
        private bool _upgrade;
        private bool _connection;
        private string? _version;
        private string? _protocols;
        private string? _origin;

        public string? Key { get; private set; }

        public readonly string? Protocol => Tokens(_protocols).FirstOrDefault(static token => token.Equals("sip", StringComparison.OrdinalIgnoreCase));

        /// <summary>False for a line that is no header, and for a second value where there may be one.</summary>
        public bool TryTake(ReadOnlySpan<byte> line)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExcept(s_tokenBytes))
            {
                return false;
            }

            var name = Encoding.ASCII.GetString(line[..colon]).ToLowerInvariant();
            var value = Encoding.Latin1.GetString(line[(colon + 1)..]).Trim(' ', '\t');
            switch (name)
            {
                case "host":
                    var first = !_host;
                    _host = true;
                    return first && value.Length > 0;
                case "upgrade":
                    _upgrade |= HasToken(value, "websocket");
                    return true;
                case "connection":
                    _connection |= HasToken(value, "upgrade");
                    return true;
                case "sec-websocket-key":
                    return TryOnce(Key, value, out var key) && (Key = key) is not null;
                case "sec-websocket-version":
                    return TryOnce(_version, value, out var version) && (_version = version) is not null;
                case "sec-websocket-protocol":
                    _protocols = _protocols is null ? value : $"{_protocols},{value}";
                    return true;
                case "origin":
                    return TryOnce(_origin, value, out var origin) && (_origin = origin) is not null;
                case "content-length":
                    return value == "0";
                case "transfer-encoding":
                    return false;
                default:
                    return true;
            }
        }

        public readonly SipWebSocketFailure? Problem(IReadOnlyList<string> allowedOrigins) =>
            !_host ? SipWebSocketFailure.Malformed
            : !_upgrade || !_connection ? SipWebSocketFailure.NotUpgrade
            : _version != "13" ? SipWebSocketFailure.WrongVersion
            : !IsKey(Key) ? SipWebSocketFailure.BadKey
            : Protocol is null ? SipWebSocketFailure.NoSipProtocol
            : _origin is not null && !allowedOrigins.Contains(_origin, StringComparer.OrdinalIgnoreCase) ? SipWebSocketFailure.OriginRefused
            : null;

        private static bool TryOnce(string? known, string value, out string? taken)
        {
            taken = value;
            return known is null;
        }

        private static bool HasToken(string list, string token) => Tokens(list).Any(t => t.Equals(token, StringComparison.OrdinalIgnoreCase));

        private static string[] Tokens(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

        private static bool IsKey(string? key)
        {
            Span<byte> nonce = stackalloc byte[18];
            return key is { Length: 24 } && Convert.TryFromBase64String(key, nonce, out var length) && length == 16;
        }
    }
}
