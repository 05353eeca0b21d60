using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Sip;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>
/// Keeps the lamps of desk phones true (reference 3.11): every committed change of somebody's voice messages becomes one unsolicited NOTIFY to a
/// gateway of his dial plan, and is handed to those who subscribed.
/// </summary>
/// <remarks>
/// Invariants: all state is touched on one executor only; at most one notification per mailbox is under way, and changes that come meanwhile are
/// covered by one that follows; counts are read after the change they answer, so the last NOTIFY always says what is stored. A lamp that could not be
/// set is tried until it is: nobody else would ever put it right. A gateway has only so many notifications under way, however many lamps changed.
/// </remarks>
public sealed class LampNotifier : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>Notifications under way to one gateway: after a restart every lamp is set.</summary>
    private const int MaxUnderWay = 32;

    private readonly TelephonyOptions _options;
    private readonly PeopleDirectory _directory;
    private readonly SipEndpoint _endpoint;
    private readonly GatewayNames _names;
    private readonly LampCounts _counts;
    private readonly EventNotifier _subscribers;
    private readonly TelephonyStatistics _statistics;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly SerialExecutor _executor;
    private readonly Dictionary<long, Lamp> _lamps = [];
    private readonly Dictionary<string, SemaphoreSlim> _ways = new(StringComparer.OrdinalIgnoreCase);
    private IDisposable? _changes;
    private volatile bool _stopped;

    /// <summary>Nothing is sent before <see cref="Start"/>.</summary>
    public LampNotifier(
        TelephonyOptions options,
        PeopleDirectory directory,
        SipEndpoint endpoint,
        GatewayNames names,
        LampCounts counts,
        EventNotifier subscribers,
        TelephonyStatistics statistics,
        TimerWheel wheel,
        ILogger<LampNotifier> log)
    {
        _options = options;
        _directory = directory;
        _endpoint = endpoint;
        _names = names;
        _counts = counts;
        _subscribers = subscribers;
        _statistics = statistics;
        _wheel = wheel;
        _log = log;
        _executor = new SerialExecutor(fault => Log.LampFailed(log, fault));
    }

    /// <summary>Follows the store from now on, and sets every lamp once: nobody knows what they showed while the server was away.</summary>
    public void Start(MailStore store)
    {
        _changes = store.Subscribe(OnChange);
        RefreshAll();
    }

    /// <summary>Follows nothing any more.</summary>
    public void Dispose()
    {
        _stopped = true;
        _changes?.Dispose();
    }

    private void OnChange(MailboxChange change)
    {
        if (change.Kind == MailboxChangeKind.Overrun)
        {
            RefreshAll();
        }
        else if (change.VoiceCountsMayHaveChanged)
        {
            Publish(change.AccountId);
            _executor.Post(() => Touch(change.AccountId));
        }
    }

    private void Publish(long account) => _subscribers.Publish(MessageSummary.EventPackage, MessageSummaryPackage.ResourceOf(account));

    private void RefreshAll()
    {
        foreach (var person in _directory.Current.People)
        {
            Publish(person.AccountId);
            _executor.Post(() => Touch(person.AccountId));
        }
    }

    private void Touch(long account)
    {
        if (!_lamps.TryGetValue(account, out var lamp))
        {
            _lamps[account] = lamp = new Lamp(account);
        }

        lamp.Dirty = true;
        if (!lamp.Busy)
        {
            lamp.Busy = true;
            _ = FollowAsync(lamp);
        }
    }

    private async Task FollowAsync(Lamp lamp)
    {
        var retry = FirstRetry;
        try
        {
            while (lamp.Dirty && !_stopped)
            {
                lamp.Dirty = false;
                if (await TrySetAsync(lamp) is not { } failure)
                {
                    retry = FirstRetry;
                    await _wheel.DelayAsync(_options.LampPace, CancellationToken.None);
                    continue;
                }

                if (retry == FirstRetry)
                {
                    // Said once, not each time: the gateway of a thousand lamps may be away for a day.
                    Log.LampNotSet(_log, failure.Extension, failure.Reason);
                }

                await _wheel.DelayAsync(retry, CancellationToken.None);
                lamp.Dirty = true;
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
        }
        catch (ObjectDisposedException) when (_stopped)
        {
            // The clock of a server that stops.
        }
        finally
        {
            lamp.Busy = false;
        }
    }

    /// <summary>As <see cref="SetAsync"/>; a fault is a failure like any other and tried again.</summary>
    private async Task<(string Extension, string Reason)?> TrySetAsync(Lamp lamp)
    {
        try
        {
            return await SetAsync(lamp);
        }
        catch (Exception fault)
        {
            Log.LampFailed(_log, fault);
            return ($"account {lamp.Account}", fault.Message);
        }
    }

    /// <summary>Sets one lamp through the first gateway of the dial plan that takes it.</summary>
    /// <returns>Null when it is set or nothing is to be set.</returns>
    private async Task<(string Extension, string Reason)?> SetAsync(Lamp lamp)
    {
        var directory = _directory.Current;
        if (directory.FindByAccount(lamp.Account) is not { } person || directory.PolicyOf(person) is not { AllowMessageWaitingIndicator: true })
        {
            return null;
        }

        var gateways = directory.Organization.GatewaysOf(person.DialPlan).Where(g => g.TakesNotifications).ToArray();
        if (gateways.Length == 0)
        {
            return null;
        }

        var reason = "";
        foreach (var gateway in gateways)
        {
            if (await SendAsync(gateway, person) is not { } status)
            {
                return (person.Extension, "counts unknown");
            }

            if (IsSettled(status))
            {
                return null;
            }

            reason = string.Create(CultureInfo.InvariantCulture, $"{gateway.Name} answered {status}");
        }

        return (person.Extension, reason);
    }

    /// <summary>Waits for its turn at the gateway, then tells it what is stored.</summary>
    /// <returns>The gateway's answer; null when the counts cannot be read.</returns>
    private async Task<int?> SendAsync(Gateway gateway, Person person)
    {
        var way = WayTo(gateway.Name);
        await way.WaitAsync();
        try
        {
            return await _counts.ReadAsync(person.AccountId) is { } summary ? await SendAsync(gateway, person, summary) : null;
        }
        finally
        {
            way.Release();
        }
    }

    private SemaphoreSlim WayTo(string gateway)
    {
        if (!_ways.TryGetValue(gateway, out var way))
        {
            _ways[gateway] = way = new SemaphoreSlim(MaxUnderWay);
        }

        return way;
    }

    private async Task<int> SendAsync(Gateway gateway, Person person, MessageSummary summary)
    {
        var destinations = _names.DestinationsOf(gateway);
        if (destinations.Count == 0)
        {
            _statistics.CountNotification("unresolved");
            return 503;
        }

        var target = gateway.NotifyEndPoint is { } endPoint
            ? SipUri.Create(person.Extension, endPoint)
            : SipUri.Create(person.Extension, gateway.Address.HostName!, gateway.HasUsualPort ? null : gateway.Port);
        var request = SipRequest.Create(
            SipMethods.Notify, target, new NameAddress(SipUri.Create("postbell", _options.ServerName)), null, summary.ToBody(), MessageSummary.ContentType);
        request.Headers.Add("Event", MessageSummary.EventPackage);
        request.Headers.Add("Subscription-State", "terminated;reason=timeout");
        try
        {
            var response = await _endpoint.SendAsync(request, destinations, CancellationToken.None);
            _statistics.CountNotification(string.Create(CultureInfo.InvariantCulture, $"{response.Status / 100}xx"));
            return response.Status;
        }
        catch (SocketException)
        {
            _statistics.CountNotification("unreachable");
            return 503;
        }
    }

    /// <summary>
    /// 200 and 480 are both as good as it gets (reference 3.11); other refusals of the phone are final too. Only what says nothing about the phone (no answer,
    /// a server's fault) is tried elsewhere and again.
    /// </summary>
    private static bool IsSettled(int status) => status is < 500 and not 408;

    private sealed class Lamp(long account)
    {
        public long Account { get; } = account;

        public bool Dirty { get; set; }

        public bool Busy { get; set; }
    }
}
