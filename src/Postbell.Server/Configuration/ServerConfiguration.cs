using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.SignIn;

namespace Postbell.Server.Configuration;

/// <summary>Everything a server is started with. Immutable and checked; a reload makes a new one.</summary>
internal sealed record ServerConfiguration
{
    /// <summary>The folder that holds all data.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The telephony side: dial plans, gateways, hunt groups, policies.</summary>
    public required Organization Organization { get; init; }

    /// <summary>SIP over UDP and TCP, both on each address.</summary>
    public IReadOnlyList<IPEndPoint> Sip { get; init; } = [new(IPAddress.Any, 5060)];

    /// <summary>SIP over TLS; null keeps that door closed.</summary>
    public SipTlsDoor? SipTls { get; init; }

    /// <summary>SIP over WebSocket; null keeps that door closed.</summary>
    public SipWebSocketDoor? SipWebSocket { get; init; }

    /// <summary>Host name or address that peers reach the server by, in Contact and SDP; null is the address a request came in on.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Realm of the challenges to gateways with credentials; null is the advertised host, else the mail domain.</summary>
    public string? SipRealm { get; init; }

    /// <summary>How host names of gateways are looked up.</summary>
    public NameSettings Names { get; init; } = new();

    /// <summary>Most calls at once; the next gets 503.</summary>
    public int MaxCalls { get; init; } = 1000;

    /// <summary>Most calls that the server makes at once; 0 makes none.</summary>
    public int MaxOutboundCalls { get; init; } = 100;

    /// <summary>New calls one gateway may send in a second; past it they get 503.</summary>
    public int MaxCallsPerSecond { get; init; } = 5000;

    /// <summary>Longest time a stranger who sends too much is not heard.</summary>
    public TimeSpan LongestBan { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Time between two questions to a gateway whether it is there; zero asks none.</summary>
    public TimeSpan GatewayProbeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is remembered of the signalling of calls.</summary>
    public SipTracing SipTracing { get; init; } = new();

    /// <summary>First RTP port (even).</summary>
    public int FirstRtpPort { get; init; } = 20000;

    /// <summary>Last RTP port.</summary>
    public int LastRtpPort { get; init; } = 29999;

    /// <summary>Codecs of calls, in our order of preference.</summary>
    public IReadOnlyList<VoiceCodec> Codecs { get; init; } = [VoiceCodec.Opus, VoiceCodec.G722, VoiceCodec.Pcmu, VoiceCodec.Pcma];

    /// <summary>Answers with the first of <see cref="Codecs"/> that is offered, not with the first of the offer.</summary>
    public bool PreferOwnCodecs { get; init; }

    /// <summary>Silent stretches of what is played are not sent, where the peer has comfort noise or asks for Opus without them.</summary>
    public bool SilenceSuppression { get; init; }

    /// <summary>Media engine threads; 0 is one for two processors.</summary>
    public int MediaThreads { get; init; }

    /// <summary>IMAP with STARTTLS.</summary>
    public IReadOnlyList<IPEndPoint> Imap { get; init; } = [new(IPAddress.Any, 143)];

    /// <summary>IMAP within TLS.</summary>
    public IReadOnlyList<IPEndPoint> ImapTls { get; init; } = [new(IPAddress.Any, 993)];

    /// <summary>What those may try who do not know the password.</summary>
    public SignInLimits SignIn { get; init; } = new();

    /// <summary>Which tokens of an identity provider open mailboxes; null takes none.</summary>
    public TokenOptions? Tokens { get; init; }

    /// <summary>How mail leaves the server; null lets none leave.</summary>
    public SmtpOutbound? Outbound { get; init; }

    /// <summary>The doors that take mail; null keeps them all closed.</summary>
    public SmtpDoors? Smtp { get; init; }

    /// <summary>REST, health and metrics. Plain HTTP: on another address than loopback put a TLS proxy before it.</summary>
    public IReadOnlyList<IPEndPoint> Web { get; init; } = [new(IPAddress.Loopback, 8080)];

    /// <summary>PEM file of the certificate; null is a self-signed one in the data folder.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>PEM file of its key; null when the certificate's file holds it.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>Right-hand side of people's addresses and of Message-IDs.</summary>
    public string MailDomain { get; init; } = "localhost";

    /// <summary>How long a graceful stop waits for running calls.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Least level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>True for <c>postbell up</c>: demo people, passwords over loopback without TLS.</summary>
    public bool Demo { get; init; }
}
