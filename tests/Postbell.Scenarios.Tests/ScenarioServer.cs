using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Delivery;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Engine;
using Postbell.Media.Recording;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Events;
using Postbell.Sip.Resolution;
using Postbell.Sip.Transport;
using Postbell.Speech;
using Postbell.Telephony;
using Postbell.Telephony.CallAnswering;
using Postbell.Telephony.CallRouting;
using Postbell.Telephony.Calls;
using Postbell.Telephony.MessageWaiting;
using Postbell.Telephony.TextMessages;
using Postbell.TestKit;

namespace Postbell.Scenarios.Tests;

/// <summary>
/// The whole call path in one process: real journal and store in a folder of its own, SIP and media in memory; the clock belongs to the
/// test and moves in steps of the media engine.
/// </summary>
internal sealed class ScenarioServer : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeastRealTime = TimeSpan.FromMicroseconds(200);

    private readonly TemporaryDirectory _data = new();
    private readonly List<MediaEngine> _engines = [];
    private readonly List<ScenarioPhone> _phones = [];
    private readonly ILoggerFactory _log = NullLoggerFactory.Instance;
    private readonly LosableNetwork _serverNetwork;
    private LampCounts _counts = null!;
    private GatewayNames _names = null!;
    private TelephonyOptions _options = null!;

    private ScenarioServer(DialPlan plan, MailboxPolicy? policy)
    {
        Wheel = new TimerWheel(Time);
        GatewayAddress.TryParse("127.0.0.1", out var loopback).ShouldBeTrue();
        Directory = new PeopleDirectory(
            new Organization(
                [plan],
                [new Gateway { Name = "gw", Address = loopback!, MessageWaitingIndicatorAllowed = false }],
                [new HuntGroup { Name = "Default", Gateway = "gw", DialPlan = plan.Name }],
                policy is null ? [] : [policy]),
            []);
        _serverNetwork = new LosableNetwork(Network);
        Media = NewEngine(_serverNetwork);
    }

    public static DialPlan Plan { get; } = new()
    {
        Name = "plan",
        NumberOfDigitsInExtension = 4,
        AudioCodec = AudioCodec.Wav,
        LevelRecordings = false,
        TrimSilence = false,
        MaxRecordingDuration = TimeSpan.FromMinutes(1),
    };

    public ManualTime Time { get; } = new();

    public TimerWheel Wheel { get; }

    public InMemorySipNetwork SipNetwork { get; } = new();

    public InMemoryNetwork Network { get; } = new();

    /// <summary>From now on no port of the server can be opened: the address is gone.</summary>
    public bool IsAddressLost
    {
        get => _serverNetwork.IsLost;
        set => _serverNetwork.IsLost = value;
    }

    public PeopleDirectory Directory { get; }

    public MediaEngine Media { get; }

    public MailStore Store { get; private set; } = null!;

    public RecordingJournal Journal { get; private set; } = null!;

    public DeliveryPipeline Pipeline { get; private set; } = null!;

    public TelephonyService Telephony { get; private set; } = null!;

    public OutboundCalls Outbound { get; private set; } = null!;

    public SipEndpoint Sip { get; private set; } = null!;

    public TelephonyStatistics Statistics { get; } = new();

    public LampNotifier Lamps { get; private set; } = null!;

    public EventNotifier Events { get; private set; } = null!;

    /// <summary>What mailboxes may hold from now on.</summary>
    public MailboxQuota Quota { get; set; } = MailboxQuota.Unlimited;

    /// <summary>What was noted about calls.</summary>
    public NotedTraces Traces { get; } = new();

    public Account Ann { get; private set; } = null!;

    public IPEndPoint Address => Sip.Bound[0].EndPoint;

    public static async Task<ScenarioServer> StartAsync(DialPlan? plan = null, MailboxPolicy? policy = null, TelephonyOptions? options = null)
    {
        var server = new ScenarioServer(plan ?? Plan, policy);
        await server.StartPartsAsync(options ?? new TelephonyOptions());
        return server;
    }

    public MediaEngine NewEngine() => NewEngine(Network);

    private MediaEngine NewEngine(IPacketNetwork network)
    {
        var engine = new MediaEngine(new MediaEngineOptions { FirstPort = 0 }, Time, _log, network, threaded: false);
        _engines.Add(engine);
        return engine;
    }

    public async Task<ScenarioPhone> PhoneAsync(SdpSecurity? security = null)
    {
        var phone = new ScenarioPhone(this, NewEngine(), security);
        _phones.Add(phone);
        await phone.StartAsync();
        return phone;
    }

    /// <summary>Lets time pass.</summary>
    public Task PassAsync(TimeSpan time) => PassAsync(time, Step);

    /// <summary>Lets time pass in steps that are coarse for media: for waits without calls.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            await StepAsync(step);
        }
    }

    /// <summary>Lets time pass until something is so; fails when it is not so within a time that is long for what is waited for.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what, double withinSeconds = 60)
    {
        var deadline = Time.GetUtcNow().AddSeconds(withinSeconds);
        var patience = Stopwatch.StartNew();
        while (!isSo())
        {
            // The disk is real: a busy machine gets real time as well, bounded.
            if (Time.GetUtcNow() > deadline && patience.Elapsed > TimeSpan.FromSeconds(10))
            {
                throw new ShouldAssertException($"Waited in vain for: {what}");
            }

            await StepAsync();
        }
    }

    /// <summary>Ann's messages, once nothing is on the way any more.</summary>
    public async Task<IReadOnlyList<StoredMessage>> MessagesAsync()
    {
        await UntilAsync(() => Telephony.Calls.Count == 0, "the calls to end");
        await UntilAsync(() => Pipeline.QueueSnapshot().Count == 0, "the queue to be empty");
        var mailbox = await Store.OpenMailboxAsync(Ann.Id, CancellationToken.None);
        var inbox = await mailbox.OpenFolderAsync("INBOX", readOnly: true, CancellationToken.None);
        return await mailbox.ReadMessagesAsync(inbox.Folder.Id, [new UidRange(1, uint.MaxValue)], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones)
        {
            var closed = phone.DisposeAsync().AsTask();
            await UntilAsync(() => closed.IsCompleted, "a phone to close");
        }

        Telephony.Calls.Close();
        Telephony.Calls.EndAll(CallEnd.Shutdown);
        var empty = Telephony.Calls.WhenEmptyAsync();
        await UntilAsync(() => empty.IsCompleted, "the calls to end");
        Lamps.Dispose();
        await Sip.DisposeAsync();
        await Pipeline.DisposeAsync();
        await Journal.DisposeAsync();
        await Store.DisposeAsync();
        foreach (var engine in _engines)
        {
            engine.Dispose();
        }

        Wheel.Dispose();
        _data.Dispose();
    }

    /// <summary>From now on the gateway takes lamp notifications at an address.</summary>
    public void ServeLampsThrough(IPEndPoint gateway)
    {
        var now = Directory.Current.Organization;
        Directory.Replace(new Organization(
            now.DialPlans,
            [.. now.Gateways.Select(g => g with { MessageWaitingIndicatorAllowed = true, NotifyAddress = gateway.Address, Port = gateway.Port })],
            now.HuntGroups,
            [.. now.MailboxPolicies]));
    }

    /// <summary>From now on the gateway is another.</summary>
    public void ChangeGateway(Func<Gateway, Gateway> change)
    {
        var now = Directory.Current.Organization;
        Directory.Replace(new Organization(now.DialPlans, [.. now.Gateways.Select(change)], now.HuntGroups, [.. now.MailboxPolicies]));
    }

    /// <summary>Marks Ann's messages as read, as a mail client does.</summary>
    public async Task MarkReadAsync()
    {
        var mailbox = await Store.OpenMailboxAsync(Ann.Id, CancellationToken.None);
        var inbox = await mailbox.OpenFolderAsync("INBOX", readOnly: false, CancellationToken.None);
        await mailbox.StoreFlagsAsync(
            inbox.Folder.Id, [new UidRange(1, uint.MaxValue)], FlagChange.Add, new MessageFlags(SystemFlags.Seen), null, CancellationToken.None);
    }

    /// <summary>Sets all lamps anew, as a restart of the server does.</summary>
    public void RestartLamps()
    {
        Lamps.Dispose();
        Lamps = new LampNotifier(_options, Directory, Sip, _names, _counts, Events, Statistics, Wheel, _log.CreateLogger<LampNotifier>());
        Lamps.Start(Store);
    }

    private async Task StartPartsAsync(TelephonyOptions options)
    {
        _options = options;
        Store = await MailStore.OpenAsync(new MailStoreOptions { DataDirectory = _data, PasswordIterations = 1000, QuotaOf = _ => Quota }, Time, _log, CancellationToken.None);
        Ann = await Store.CreateAccountAsync(
            new NewAccount { UserName = "ann", DisplayName = "Ann Bell", Extension = "1001", DialPlan = Plan.Name, Address = "ann@example.com" }, CancellationToken.None);
        Directory.Replace(
        [
            new Person
            {
                AccountId = Ann.Id, UserName = "ann", DisplayName = "Ann Bell", EmailAddress = "ann@example.com", DialPlan = Plan.Name, Extension = "1001",
            },
        ]);
        Journal = RecordingJournal.Open(new RecordingJournalOptions { Directory = _data.File("spool") }, Time, _log.CreateLogger<RecordingJournal>());
        var spool = new Spool(Journal);
        Pipeline = new DeliveryPipeline(spool, new MailStoreTarget(Store), new DeliveryOptions(), Wheel, _log);
        await Pipeline.StartAsync(CancellationToken.None);
        var prompts = new PromptStore(
            PromptCatalogue.LoadEmbedded(), new ToneVoice(), new PromptStoreOptions { Directory = _data.File("prompts") }, Time, _log.CreateLogger<PromptStore>());
        var announcements = new CallAnnouncements(
            // The disk is real, and so is the time it may take.
            prompts, new RecordedGreetings(Store, TimeProvider.System, _log.CreateLogger<RecordedGreetings>()), Statistics, _log.CreateLogger<CallAnnouncements>());
        Sip = new SipEndpoint(
            new SipEndpointOptions { Listen = [new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))], Tap = Traces }, new GatewayAdmission(Directory), Wheel, _log,
            SipNetwork.CreateSockets());
        var dead = new UnreachableDestinations(TimeSpan.FromMinutes(2), Time);
        _names = new GatewayNames(
            Directory, new SipLocator(new DnsResolver(new DnsOptions(), Time), [SipTransport.Udp], new Random(1)), dead, Wheel, _log.CreateLogger<GatewayNames>());
        _counts = new LampCounts(Store, Directory, options, _log.CreateLogger<LampCounts>());
        Events = new EventNotifier(
            Sip, Wheel, [new MessageSummaryPackage(Directory, _counts, options, Statistics)], new EventNotifierOptions(), _log.CreateLogger<EventNotifier>());
        Outbound = new OutboundCalls(options, Directory, _names, Sip, Media, Statistics, Wheel, _log.CreateLogger<OutboundCalls>());
        Telephony = new TelephonyService(
            options, Directory, Media, spool, Store, announcements, Events,
            // The disk is real, and so is the time it may take.
            new TextMessageIntake(options, Directory, spool, Store, Statistics, TimeProvider.System, _log.CreateLogger<TextMessageIntake>()), Outbound, Statistics, Wheel, _log.CreateLogger<TelephonyService>());
        await Sip.StartAsync(Telephony, CancellationToken.None);
        Lamps = new LampNotifier(options, Directory, Sip, _names, _counts, Events, Statistics, Wheel, _log.CreateLogger<LampNotifier>());
        Lamps.Start(Store);
    }

    private Task StepAsync() => StepAsync(Step);

    private async Task StepAsync(TimeSpan step)
    {
        Time.Advance(step);
        foreach (var engine in _engines.ToArray())
        {
            engine.Step();
        }

        // What was posted by that runs before time goes on; and since disks and just-in-time compilers know no fake time, it never runs away from them.
        var began = Stopwatch.GetTimestamp();
        do
        {
            await Task.Yield();
        }
        while (ThreadPool.PendingWorkItemCount > 0 || Stopwatch.GetElapsedTime(began) < LeastRealTime);
    }
}
