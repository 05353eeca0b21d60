using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Delivery;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Media.Sdp;
using Postbell.Media;
using Postbell.Server.Configuration;
using Postbell.Server.Tracing;
using Postbell.Sip;
using Postbell.Sip.Authentication;
using Postbell.Sip.Events;
using Postbell.Telephony;
using Postbell.Telephony.CallAnswering;
using Postbell.Telephony.CallRouting;
using Postbell.Telephony.Calls;
using Postbell.Telephony.GatewayHealth;
using Postbell.Telephony.MessageWaiting;
using Postbell.Telephony.TextMessages;

namespace Postbell.Server.Hosting;

/// <summary>Everything that telephones meet: SIP, media, call handling, lamps.</summary>
internal sealed class TelephoneParts : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly TimerWheel _wheel;
    private readonly RecordedGreetings _greetings;
    private readonly LampNotifier _lamps;

    /// <summary>Puts the parts together; no port is open yet.</summary>
    public TelephoneParts(
        ServerConfiguration configuration,
        Certificates certificates,
        AccountPeople people,
        MailStore store,
        Spool spool,
        SpeechParts speech,
        SignallingTraces traces,
        DnsResolver resolver,
        TimerWheel wheel,
        ILoggerFactory log)
    {
        var options = new TelephonyOptions
        {
            MaxCalls = configuration.MaxCalls,
            MaxOutboundCalls = configuration.MaxOutboundCalls,
            ServerName = configuration.AdvertisedHost ?? configuration.MailDomain,
            Voice = new SdpVoice { Codecs = configuration.Codecs, OursFirst = configuration.PreferOwnCodecs, SilenceSuppression = configuration.SilenceSuppression },
        };
        _wheel = wheel;
        Media = new MediaEngine(MediaOptions(configuration), wheel.Time, log);
        Names = new NameParts(configuration, resolver, people.Directory, wheel, log);
        Sip = new SipEndpoint(SipOptions(configuration, certificates, Names) with { Tap = traces.Calls }, new GatewayAdmission(people.Directory), wheel, log);
        Statistics = new TelephonyStatistics();
        _greetings = new RecordedGreetings(store, wheel.Time, log.CreateLogger<RecordedGreetings>());
        var announcements = new CallAnnouncements(speech.Prompts, _greetings, Statistics, log.CreateLogger<CallAnnouncements>());
        var counts = new LampCounts(store, people.Directory, options, log.CreateLogger<LampCounts>());
        Events = new EventNotifier(
            Sip, wheel, [new MessageSummaryPackage(people.Directory, counts, options, Statistics)], new EventNotifierOptions(), log.CreateLogger<EventNotifier>());
        _lamps = new LampNotifier(options, people.Directory, Sip, Names.Gateways, counts, Events, Statistics, wheel, log.CreateLogger<LampNotifier>());
        Probes = new GatewayProbes(
            people.Directory, new OptionsProbe(Sip, Names.Gateways.DestinationsOf, options.ServerName),
            new GatewayProbeOptions { Interval = configuration.GatewayProbeInterval }, wheel, log.CreateLogger<GatewayProbes>());
        Outbound = new OutboundCalls(options, people.Directory, Names.Gateways, Sip, Media, Statistics, wheel, log.CreateLogger<OutboundCalls>());
        var texts = new TextMessageIntake(options, people.Directory, spool, store, Statistics, wheel.Time, log.CreateLogger<TextMessageIntake>());
        Service = new TelephonyService(
            options, people.Directory, Media, spool, store, announcements, Events, texts, Outbound, Statistics, wheel, log.CreateLogger<TelephonyService>());
        Transfers = new CallTransfers(Service.Calls, Outbound, options);
    }

    /// <summary>The media engine.</summary>
    public MediaEngine Media { get; }

    /// <summary>Host names and what they stand for.</summary>
    public NameParts Names { get; }

    /// <summary>The SIP stack.</summary>
    public SipEndpoint Sip { get; }

    /// <summary>Whether gateways answer.</summary>
    public GatewayProbes Probes { get; }

    /// <summary>Call handling.</summary>
    public TelephonyService Service { get; }

    /// <summary>Telephones that subscribed to something.</summary>
    public EventNotifier Events { get; }

    /// <summary>Calls that we make.</summary>
    public OutboundCalls Outbound { get; }

    /// <summary>Callers who are sent on by an administrator.</summary>
    public CallTransfers Transfers { get; }

    /// <summary>What it did.</summary>
    public TelephonyStatistics Statistics { get; }

    /// <summary>Opens the SIP ports; calls come from now on. Lamps are set to what the store says.</summary>
    public async Task StartAsync(MailStore store, CancellationToken cancellation)
    {
        // Before the first call: a gateway that is known by name is a stranger until its addresses are known.
        await Names.StartAsync(cancellation);
        await Sip.StartAsync(Service, cancellation);
        _lamps.Start(store);
        Probes.Start();
    }

    /// <summary>Takes no new calls, waits for the running ones until the token is cancelled, then hangs up; what was recorded is kept.</summary>
    public async Task DrainAsync(CancellationToken drain)
    {
        await Service.StopAsync(drain);
        try
        {
            await Events.StopAsync().WaitAsync(s_farewell, _wheel.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // Who does not answer must not keep the server from stopping.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            // Without a drain before it (a failed start, a quick stop) calls end here; their messages are kept.
            await Service.StopAsync(new CancellationToken(canceled: true));
        }
        finally
        {
            Probes.Dispose();
            _lamps.Dispose();
            Names.Dispose();
            await Sip.DisposeAsync();
            Media.Dispose();
            _greetings.Dispose();
        }
    }

    private static MediaEngineOptions MediaOptions(ServerConfiguration configuration) => new()
    {
        Threads = configuration.MediaThreads > 0 ? configuration.MediaThreads : Math.Max(1, Environment.ProcessorCount / 2),
        FirstPort = configuration.FirstRtpPort,
        LastPort = configuration.LastRtpPort,
    };

    private static SipEndpointOptions SipOptions(ServerConfiguration configuration, Certificates certificates, NameParts names) => new()
    {
        Listen =
        [
            .. configuration.Sip.SelectMany(end => new[] { new SipListen(SipTransport.Udp, end), new SipListen(SipTransport.Tcp, end) }),
            .. (configuration.SipTls?.Listen ?? []).Select(end => new SipListen(SipTransport.Tls, end)),
            .. (configuration.SipWebSocket?.Listen ?? []).Select(end => new SipListen(SipTransport.Ws, end)),
            .. (configuration.SipWebSocket?.ListenTls ?? []).Select(end => new SipListen(SipTransport.Wss, end)),
        ],
        Threads = Math.Max(2, Environment.ProcessorCount),
        Tls = certificates.SipOptions(),
        WebSocket = configuration.SipWebSocket is not { } door ? new SipWebSocketOptions() : new SipWebSocketOptions
        {
            AllowedOrigins = door.AllowedOrigins,
            HandshakeTimeout = door.HandshakeTimeout,
            PingInterval = door.PingInterval,
        },
        AdvertisedHost = configuration.AdvertisedHost,
        Digest = new SipDigestOptions { Realm = configuration.SipRealm ?? configuration.AdvertisedHost ?? configuration.MailDomain },
        Locator = names.Locator,
        Unreachable = names.Unreachable,
        Rates = new SipRateLimits { PeerCallsPerSecond = configuration.MaxCallsPerSecond, LongestBan = configuration.LongestBan },
        UserAgent = $"Postbell/{ProductVersion.Text}",
        // Somewhat more than calls: what is past the limit gets its 503 from call handling, with a reason.
        MaxDialogs = configuration.MaxCalls + configuration.MaxOutboundCalls + Math.Max(100, configuration.MaxCalls / 10),
    };
}
