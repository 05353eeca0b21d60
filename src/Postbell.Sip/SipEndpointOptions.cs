using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Resolution;
using Postbell.Sip.Tracing;

namespace Postbell.Sip;

/// <summary>What an endpoint is told at its start.</summary>
public sealed record SipEndpointOptions
{
    /// <summary>Sockets to open.</summary>
    public IReadOnlyList<SipListen> Listen { get; init; } = [];

    /// <summary>Host name or address written into Via and Contact; null is the local address the peer reached.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>
    /// Threads of its own for everything that calls do, so that no other work of the process delays them; 0 shares the thread pool.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Certificate, authorities and limits of TLS; needed as soon as <see cref="Listen"/> names it or <see cref="SipTransport.Wss"/>.</summary>
    public SipTlsOptions? Tls { get; init; }

    /// <summary>Who may connect by WebSocket, and its times.</summary>
    public SipWebSocketOptions WebSocket { get; init; } = new();

    /// <summary>Value of Server and User-Agent.</summary>
    public string UserAgent { get; init; } = "Postbell";

    /// <summary>Methods that are answered; others get 405 with this list in Allow.</summary>
    public IReadOnlyList<string> AllowedMethods { get; init; } =
    [
        SipMethods.Invite, SipMethods.Ack, SipMethods.Bye, SipMethods.Cancel, SipMethods.Options, SipMethods.Update, SipMethods.Info,
        SipMethods.Notify, SipMethods.Subscribe, SipMethods.Prack, SipMethods.Refer, SipMethods.Message,
    ];

    /// <summary>Option tags that a Require header may name; others get 420. They are announced in Supported.</summary>
    public IReadOnlyList<string> SupportedExtensions { get; init; } = ["histinfo", "timer", "100rel", "replaces", "norefersub"];

    /// <summary>Body types accepted in INVITE and UPDATE, lower-case; others get 415 with this list in Accept.</summary>
    public IReadOnlyList<string> AcceptedContentTypes { get; init; } = ["application/sdp", "multipart/mixed"];

    /// <summary>Sizes a message may have.</summary>
    public SipLimits Limits { get; init; } = new();

    /// <summary>Most server transactions that are being answered at once; past it new requests get 503 with Retry-After.</summary>
    public int MaxServerTransactions { get; init; } = 60_000;

    /// <summary>
    /// Most server transactions that were answered and stay for 32 s to absorb repetitions, under 1 kB each; past it new requests get 503 with
    /// Retry-After. The default carries about 3,000 short calls a second.
    /// </summary>
    public int MaxFinishedTransactions { get; init; } = 200_000;

    /// <summary>Most dialogs at once; past it a new INVITE gets 503 with Retry-After.</summary>
    public int MaxDialogs { get; init; } = 10_000;

    /// <summary>
    /// Once the first new call in line waited so long and 32 wait, or the first waited a second, the next gets 503 with Retry-After at once, so that
    /// those which were taken are answered soon.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Retry-After value of those 503 answers.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most connections at once, all peers together.</summary>
    public int MaxConnections { get; init; } = 2_000;

    /// <summary>Most connections from one address; an IPv6 network of 64 bits is one.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 100;

    /// <summary>
    /// Most connections of strangers at once. A stranger is who the policy does not admit, until a request of the connection was taken. A new one takes the
    /// place of the oldest, so strangers keep neither each other nor peers out.
    /// </summary>
    public int MaxStrangerConnections { get; init; } = 500;

    /// <summary>Most of them from one address; an IPv6 network of 64 bits is one.</summary>
    public int MaxConnectionsPerStranger { get; init; } = 20;

    /// <summary>A stranger's connection is closed after this time, whatever comes over it.</summary>
    public TimeSpan StrangerConnectionTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A TCP connection without traffic for so long is closed. Longer than a call may last, so that its BYE finds the connection.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A message that began to arrive over TCP or TLS must be complete after this time, or the connection is closed.</summary>
    public TimeSpan MessageArrivalTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes that may wait to be written on one TCP connection; past it the connection is closed.</summary>
    public int MaxQueuedBytesPerConnection { get; init; } = 1 << 20;

    /// <summary>Time a TCP connection may take to open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An INVITE that nobody answered finally after this time is refused: 480 where it rang, 500 where nothing was heard of it. Below the three minutes
    /// after which proxies give up (RFC 3261 section 16.6, timer C).
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(170);

    /// <summary>
    /// Longest session interval (RFC 4028): what we ask peers for that know session timers, and the most we agree to. Zero never asks and agrees to
    /// everything.
    /// </summary>
    public TimeSpan SessionExpires { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Shortest session interval in seconds, at least 90; a request for less gets 422 with this value in Min-SE.</summary>
    public int MinimumSessionSeconds { get; init; } = 90;

    /// <summary>How much one source may ask for.</summary>
    public SipRateLimits Rates { get; init; } = new();

    /// <summary>
    /// A connection that we opened and on which nothing happened for so long gets a keep-alive (RFC 5626 section 4.4.1). One whose peer answered them
    /// before and leaves one without answer for 10 s is closed.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How peers that must show credentials are challenged.</summary>
    public SipDigestOptions Digest { get; init; } = new();

    /// <summary>Finds the names that peers write into Contact and Record-Route, beside the call; null never looks one up.</summary>
    public SipLocator? Locator { get; init; }

    /// <summary>Learns which destinations did not answer; null for nobody.</summary>
    public UnreachableDestinations? Unreachable { get; init; }

    /// <summary>Looks at every message of peers that are served, and at what we send; null for nobody.</summary>
    public ISipTap? Tap { get; init; }

    /// <summary>Base timers of RFC 3261.</summary>
    public SipTimers Timers { get; init; } = new();
}
