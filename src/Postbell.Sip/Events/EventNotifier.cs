using System.Globalization;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Sip.Defence;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Events;

/// <summary>
/// Others' subscriptions at us (RFC 6665, the notifier's side), whatever the event: answers SUBSCRIBE, sends the state at once and after each change, ends
/// what expires. What there is to be told is up to the packages. Any thread.
/// </summary>
/// <remarks>
/// Invariants: all state is touched on one executor; at most one NOTIFY of a subscription is under way, so that none overtakes another, and changes that
/// come meanwhile are covered by one that follows; the state is read after the change that it reports; only so many are under way altogether, the others
/// stand in line. The last NOTIFY of a subscription says that it is over and why.
/// </remarks>
public sealed partial class EventNotifier
{
    private readonly SipEndpoint _endpoint;
    private readonly TimerWheel _wheel;
    private readonly EventNotifierOptions _options;
    private readonly ILogger _log;
    private readonly SerialExecutor _executor;
    private readonly Dictionary<string, IEventPackage> _packages;
    private readonly Dictionary<(string CallId, string LocalTag), ServedSubscription> _subscriptions = [];
    private readonly Dictionary<(string Package, string Resource), HashSet<ServedSubscription>> _byResource = [];
    private readonly Dictionary<UInt128, int> _bySource = [];
    private volatile int _count;
    private bool _stopped;

    /// <summary>No subscriptions yet.</summary>
    /// <param name="endpoint">Sends the notifications.</param>
    /// <param name="wheel">Clock and timers.</param>
    /// <param name="packages">What is served; no two of one name.</param>
    /// <param name="options">Limits.</param>
    /// <param name="log">Where faults are logged.</param>
    public EventNotifier(SipEndpoint endpoint, TimerWheel wheel, IEnumerable<IEventPackage> packages, EventNotifierOptions options, ILogger<EventNotifier> log)
    {
        _endpoint = endpoint;
        _wheel = wheel;
        _options = options;
        _log = log;
        _executor = new SerialExecutor(fault => LogFault(log, fault));
        _packages = packages.ToDictionary(package => package.Name, StringComparer.OrdinalIgnoreCase);
        AllowEvents = string.Join(", ", _packages.Values.Select(package => package.Name));
    }

    /// <summary>The packages, as an Allow-Events header lists them.</summary>
    public string AllowEvents { get; }

    /// <summary>Subscriptions in force.</summary>
    public int Count => _count;

    /// <summary>Answers a SUBSCRIBE of <see cref="ISipServer.OnRequest"/>: a new subscription, a refresh, or with Expires 0 the end of one.</summary>
    public void OnSubscribe(IncomingRequest subscribe) => _executor.Post(() => Subscribe(subscribe));

    /// <summary>Tells everybody who subscribed to it the state of a resource.</summary>
    /// <param name="package">Name of the package.</param>
    /// <param name="resource">What changed, in the words of the package.</param>
    public void Publish(string package, string resource) => _executor.Post(() =>
    {
        foreach (var subscription in _byResource.GetValueOrDefault((package, resource))?.ToArray() ?? [])
        {
            Touch(subscription);
        }
    });

    /// <summary>
    /// Takes no more subscriptions and ends those there are: subscribers are told to come again, so that their lamps are right soon after a restart. Ends once
    /// all have been told.
    /// </summary>
    public Task StopAsync()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _executor.Post(() =>
        {
            _stopped = true;
            foreach (var subscription in _subscriptions.Values.ToArray())
            {
                End(subscription, string.Create(CultureInfo.InvariantCulture, $"probation;retry-after={(int)_options.ComeAgain.TotalSeconds}"));
            }

            _told = told;
            TellWhenIdle();
        });
        return told.Task;
    }

    private void Subscribe(IncomingRequest subscribe)
    {
        var request = subscribe.Request;
        if (!EventHeader.TryRead(request, out var named) && request.Headers.Contains("Event"))
        {
            subscribe.Respond(400, "Bad Event Header");
        }
        else if (named.Package is null || !_packages.TryGetValue(named.Package, out var package))
        {
            subscribe.Respond(489, "Bad Event", new SipHeader("Allow-Events", AllowEvents));
        }
        else if (!TryReadExpires(request, package.Expiry, out var expires))
        {
            subscribe.Respond(400, "Bad Expires");
        }
        else if (expires > 0 && expires < package.Expiry.Shortest)
        {
            subscribe.Respond(423, "Interval Too Brief", new SipHeader("Min-Expires", package.Expiry.Shortest.ToString(CultureInfo.InvariantCulture)));
        }
        else if (!AcceptedTypes.Include(request, package.ContentType))
        {
            subscribe.Respond(406, null, new SipHeader("Accept", package.ContentType));
        }
        else if (request.To.Tag is not null)
        {
            Refresh(subscribe, named, expires);
        }
        else
        {
            Begin(subscribe, named, package, expires);
        }
    }

    private void Begin(IncomingRequest subscribe, EventHeader named, IEventPackage package, int expires)
    {
        if (subscribe.Request.Contact is null)
        {
            subscribe.Respond(400, "Missing Contact");
            return;
        }

        if (_stopped)
        {
            Busy(subscribe, "Shutting Down");
            return;
        }

        var admission = package.Admit(subscribe);
        if (admission.Resource is not { } resource)
        {
            subscribe.Respond(admission.Status, admission.Reason);
            return;
        }

        var source = SourceKey.Of(subscribe.Source.Address);
        if (_subscriptions.Count >= _options.MaxSubscriptions || _bySource.GetValueOrDefault(source) >= _options.MaxSubscriptionsPerSource)
        {
            Busy(subscribe, "Too Many Subscriptions");
            return;
        }

        var subscription = new ServedSubscription(subscribe, named, package, resource, source);
        Add(subscription);
        Grant(subscribe, subscription, expires);
    }

    private void Busy(IncomingRequest subscribe, string reason) =>
        subscribe.Respond(503, reason, new SipHeader("Retry-After", ((int)_options.ComeAgain.TotalSeconds).ToString(CultureInfo.InvariantCulture)));

    private void Refresh(IncomingRequest subscribe, EventHeader named, int expires)
    {
        var request = subscribe.Request;
        if (!_subscriptions.TryGetValue((request.CallId, request.To.Tag!), out var subscription) || !subscription.IsNamedBy(request, named))
        {
            subscribe.Respond(481, "Subscription Does Not Exist");
        }
        else if (!subscription.TryRefresh(subscribe))
        {
            subscribe.Respond(500, "CSeq Out Of Order");
        }
        else
        {
            Grant(subscribe, subscription, expires);
        }
    }

    /// <summary>200, then the state at once (section 4.2.1.2).</summary>
    private void Grant(IncomingRequest subscribe, ServedSubscription subscription, int expires)
    {
        expires = Math.Min(expires, subscription.Package.Expiry.Longest);
        subscribe.Respond(200, "OK", new SipHeader("Expires", expires.ToString(CultureInfo.InvariantCulture)));
        _endpoint.LookUp(subscription.Route, subscription.Flow, _executor);
        subscription.OwesAnswer = true;
        subscription.Expiry?.Cancel();
        if (expires == 0)
        {
            End(subscription, "timeout");
            return;
        }

        var granted = TimeSpan.FromSeconds(expires);
        subscription.ExpiresAt = _wheel.Time.GetUtcNow() + granted;
        subscription.Expiry = _wheel.Schedule(granted, _executor, () => Expire(subscription));
        Touch(subscription);
    }

    private void Expire(ServedSubscription subscription)
    {
        if (subscription.End is null && subscription.ExpiresAt <= _wheel.Time.GetUtcNow())
        {
            End(subscription, "timeout");
        }
    }

    /// <summary>The subscription is over; one last notification says so.</summary>
    private void End(ServedSubscription subscription, string reason)
    {
        Remove(subscription);
        subscription.End ??= reason;
        Touch(subscription);
    }

    private void Add(ServedSubscription subscription)
    {
        _subscriptions[subscription.Key] = subscription;
        _bySource[subscription.Source] = _bySource.GetValueOrDefault(subscription.Source) + 1;
        _count = _subscriptions.Count;
        var resource = (subscription.Package.Name, subscription.Resource);
        if (!_byResource.TryGetValue(resource, out var subscribers))
        {
            _byResource[resource] = subscribers = [];
        }

        subscribers.Add(subscription);
    }

    private void Remove(ServedSubscription subscription)
    {
        subscription.Expiry?.Cancel();
        if (!_subscriptions.Remove(subscription.Key))
        {
            return;
        }

        _count = _subscriptions.Count;
        if (--_bySource[subscription.Source] == 0)
        {
            _bySource.Remove(subscription.Source);
        }

        var resource = (subscription.Package.Name, subscription.Resource);
        if (_byResource[resource] is var subscribers && subscribers.Remove(subscription) && subscribers.Count == 0)
        {
            _byResource.Remove(resource);
        }
    }

    private static bool TryReadExpires(SipRequest request, EventExpiry expiry, out int expires)
    {
        expires = expiry.Usual;
        if (request.Headers["Expires"] is not { } text)
        {
            return true;
        }

        // Phones say 4294967295 when they mean for ever.
        var digits = text.AsSpan().Trim();
        expires = SipSyntax.TryNumber(digits, expiry.Longest, out var seconds) ? (int)seconds : expiry.Longest;
        return SipSyntax.IsDigits(digits);
    }

    [LoggerMessage(1, LogLevel.Error, "A subscription failed")]
    private static partial void LogFault(ILogger log, Exception fault);
}
