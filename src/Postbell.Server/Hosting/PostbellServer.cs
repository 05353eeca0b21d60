using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Delivery;
using Postbell.Delivery.Composing;
using Postbell.Directory;
using Postbell.Imap;
using Postbell.Mailbox;
using Postbell.Media.Codecs;
using Postbell.Media.Recording;
using Postbell.Media.Srtp;
using Postbell.Server.Configuration;
using Postbell.Server.Tracing;
using Postbell.SignIn;

namespace Postbell.Server.Hosting;

/// <summary>
/// The composition root: builds the parts in the order in which they need each other and stops them in the reverse.
/// Configuration, store, recovery, delivery, speech, media, SIP, mail doors, web; then ready.
/// </summary>
internal sealed class PostbellServer : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _closing = new();
    private readonly ServerConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _log;

    private PostbellServer(ServerConfiguration configuration, TimeProvider time, ILoggerFactory log) =>
        (_configuration, _time, _log) = (configuration, time, log);

    /// <summary>The running parts.</summary>
    public ServerParts Parts { get; private set; } = null!;

    /// <summary>Starts everything; what was started is stopped again when a later part cannot start.</summary>
    /// <param name="configuration">What to start.</param>
    /// <param name="folder">The locked data folder; stays the caller's.</param>
    /// <param name="time">The clock of all parts.</param>
    /// <param name="log">Where all parts log.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<PostbellServer> StartAsync(
        ServerConfiguration configuration, DataFolder folder, TimeProvider time, ILoggerFactory log, CancellationToken cancellation)
    {
        var server = new PostbellServer(configuration, time, log);
        try
        {
            await server.StartPartsAsync(folder, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no new calls and waits for the running ones: until they have ended, the drain time is over, or <paramref name="quick"/>.</summary>
    public async Task DrainAsync(CancellationToken quick)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(quick);
        using var limit = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), drain, _configuration.DrainTime, Timeout.InfiniteTimeSpan);
        await Parts.Telephone.DrainAsync(drain.Token);
    }

    /// <summary>Stops all parts, last started first. Everything promised is on disk when it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_closing.TryPop(out var close))
        {
            try
            {
                await close();
            }
            catch (Exception fault)
            {
                // One part that stops badly must not keep the others from writing what they have.
                _log.CreateLogger<PostbellServer>().LogError(fault, "A part of the server did not stop cleanly");
            }
        }
    }

    private async Task StartPartsAsync(DataFolder folder, CancellationToken cancellation)
    {
        var startedAt = _time.GetUtcNow();
        var layout = folder.Layout;
        var token = AdminToken.ReadOrCreate(layout);
        var certificates = new Certificates(_configuration, layout, _time, _log.CreateLogger<Certificates>());
        var store = OnClose(await MailStore.OpenAsync(StoreSettings(layout), _time, _log, cancellation));
        var demo = _configuration.Demo ? await DemoAccounts.EnsureAsync(DemoPeople.ReadOrCreate(layout), store, cancellation) : null;
        var people = OnClose(new AccountPeople(store, _configuration));
        foreach (var problem in await TeamMailboxes.ApplyAsync(_configuration.Organization, store, cancellation))
        {
            _log.CreateLogger<PostbellServer>().LogWarning("{Problem}", problem);
        }

        await ReportPeopleAsync(people, cancellation);
        var journal = OnClose(RecordingJournal.Open(new RecordingJournalOptions { Directory = layout.Spool }, _time, _log.CreateLogger<RecordingJournal>()));
        var speech = OnClose(new SpeechParts(layout, _time, _log));
        var wheel = OnClose(new TimerWheel(_time));
        var spool = new Spool(journal);
        var resolver = new DnsResolver(new DnsOptions { Servers = _configuration.Names.Servers, Timeout = _configuration.Names.Timeout }, _time);
        var outbound = OnClose(OutboundParts.Open(_configuration, layout, store, people, resolver, _time, _log));
        var delivery = OnClose(new DeliveryPipeline(spool, TargetOf(store, people, outbound), DeliverySettings(), wheel, _log));
        var traces = OnClose(new SignallingTraces(_configuration.SipTracing, layout, wheel, _log));
        var telephone = OnClose(new TelephoneParts(_configuration, certificates, people, store, spool, speech, traces, resolver, wheel, _log));
        var imapStatistics = new ImapStatistics();
        // One for all doors: who guesses at one of them is locked out of the others.
        var guard = OnClose(await SignInGuard.OpenAsync(
            store, _configuration.SignIn, (account, secret) => PolicySignIn.RuleOf(_configuration.Organization, account, secret), _time, _log, cancellation));
        var tokens = _configuration.Tokens is { } options ? OnClose(new TokenSignIn(options, store, _time, _log)) : null;
        var desk = new SignInDesk(store, guard, tokens);
        var pins = new PinChanges(store, guard, (user, pin) => demo?.Remember(user, pin: pin));
        // Without TLS passwords are taken on the demo's loopback door only.
        var imapOptions = new ImapOptions
        {
            Certificate = () => certificates.Mail.Current.TargetCertificate, AllowPlaintextLogin = _configuration.Demo, ChangePin = pins.ChangeAsync,
        };
        var imap = OnClose(new ImapConnectionHandler(store, imapOptions, imapStatistics, desk, _time, _log));
        var smtp = new SmtpParts(_configuration, layout, certificates, store, people, outbound?.Queue, desk, _time, _log);
        Parts = new ServerParts
        {
            Configuration = _configuration, Layout = layout, Time = _time, StartedAt = startedAt, Token = token,
            Certificates = certificates, Store = store, People = people, Demo = demo, Journal = journal, Speech = speech,
            Imap = imap, ImapStatistics = imapStatistics, Smtp = smtp, Desk = desk, Telephone = telephone, Traces = traces, Delivery = delivery, Outbound = outbound,
        };
        ReadyChecks.AddAll(Parts);
        if (!delivery.CanMp3 && _configuration.Organization.DialPlans.Any(plan => plan.AudioCodec == AudioCodec.Mp3))
        {
            _log.CreateLogger<PostbellServer>().LogWarning("No MP3: libmp3lame is missing, voice messages carry WAV instead; apt-get install libmp3lame0");
        }

        SayMissingCodecs(delivery);
        if (!SrtpSupport.IsAvailable)
        {
            var refused = string.Join(", ", _configuration.Organization.Gateways.Where(g => g.MediaSecurity == MediaSecurity.Required).Select(g => g.Name));
            _log.CreateLogger<PostbellServer>().LogWarning(
                "No SRTP: libsrtp2 is missing, so calls that offer only SRTP get 488{Refused}; apt-get install libsrtp2-1",
                refused.Length > 0 ? $", and every call of {refused}" : "");
        }

        // What a former life left is in the line before the first new call comes.
        await delivery.StartAsync(cancellation);
        await telephone.StartAsync(store, cancellation);
        var web = OnClose(await WebHost.StartAsync(Parts, _log, cancellation));
        // Disposing alone would cut connections; this says goodbye to mail clients first.
        _closing.Push(async () => await web.StopAsync(CancellationToken.None));
        speech.BeginRendering(people.Directory.Current);
        RunningFile.Of(_configuration).Write(layout);
    }

    private void SayMissingCodecs(DeliveryPipeline delivery)
    {
        var log = _log.CreateLogger<PostbellServer>();
        foreach (var codec in _configuration.Codecs.Union(_configuration.Organization.Gateways.SelectMany(g => g.Codecs ?? [])).Where(c => !c.IsAvailable()))
        {
            log.LogWarning("No {Codec}: {Library} is missing, so calls do not get it; apt-get install {Package}", codec, codec.Library(), codec.Package());
        }

        if (!delivery.CanOpus && _configuration.Organization.DialPlans.Any(plan => plan.AudioCodec == AudioCodec.Opus))
        {
            log.LogWarning("No Opus: libopus is missing, voice messages carry WAV instead; apt-get install libopus0");
        }
    }

    private MailStoreOptions StoreSettings(DataLayout layout) => new()
    {
        DataDirectory = layout.Root, QuotaOf = account => PolicyQuota.Of(_configuration.Organization, account),
        RetentionOf = account => PolicyQuota.RetentionOf(_configuration.Organization, account),
    };

    private static IDeliveryTarget TargetOf(MailStore store, AccountPeople people, OutboundParts? outbound)
    {
        var mailboxes = new MailStoreTarget(store);
        return outbound is null ? mailboxes : new UnifiedTarget(mailboxes, outbound.Relay, people.Directory);
    }

    private DeliveryOptions DeliverySettings() => new()
    {
        // A mail system may take ten minutes to say that it has a message (RFC 5321 section 4.5.3.2.6); leaving before would send it twice.
        AttemptTimeout = _configuration.Outbound is null ? new DeliveryOptions().AttemptTimeout : TimeSpan.FromMinutes(15),
        Identity = new MailIdentity { HostName = _configuration.MailDomain, SystemAddress = $"postbell@{_configuration.MailDomain}" },
    };

    private async Task ReportPeopleAsync(AccountPeople people, CancellationToken cancellation)
    {
        foreach (var problem in await people.RefreshAsync(cancellation))
        {
            _log.CreateLogger<PostbellServer>().LogWarning("{Problem}", problem);
        }

        foreach (var problem in people.Addresses.Problems)
        {
            _log.CreateLogger<PostbellServer>().LogWarning("Mail addresses: {Problem}", problem);
        }
    }

    private T OnClose<T>(T part)
    {
        _closing.Push(async () =>
        {
            if (part is IAsyncDisposable whole)
            {
                await whole.DisposeAsync();
            }
            else
            {
                (part as IDisposable)?.Dispose();
            }
        });
        return part;
    }
}
