using System.Globalization;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>
/// Phones that asked for the state of a mailbox (RFC 6665 with the package of RFC 3842): answers SUBSCRIBE, sends the first NOTIFY at once and
/// one for every change, ends what expired.
/// </summary>
/// <remarks>Invariants: all state is touched on one executor only; what a NOTIFY says was read from the store after the change it reports.</remarks>
public sealed class MessageSummarySubscriptions
{
    private const int DefaultExpires = 3600;
    private const int MinExpires = 60;
    private const int MaxExpires = 86_400;

    private readonly TelephonyOptions _options;
    private readonly PeopleDirectory _directory;
    private readonly SipEndpoint _endpoint;
    private readonly LampCounts _counts;
    private readonly TelephonyStatistics _statistics;
    private readonly TimerWheel _wheel;
    private readonly SerialExecutor _executor;
    private readonly Dictionary<(string CallId, string LocalTag), MessageSummarySubscription> _subscriptions = [];
    private volatile int _count;

    /// <summary>No subscriptions yet.</summary>
    public MessageSummarySubscriptions(
        TelephonyOptions options,
        PeopleDirectory directory,
        SipEndpoint endpoint,
        LampCounts counts,
        TelephonyStatistics statistics,
        TimerWheel wheel,
        ILogger<MessageSummarySubscriptions> log)
    {
        _options = options;
        _directory = directory;
        _endpoint = endpoint;
        _counts = counts;
        _statistics = statistics;
        _wheel = wheel;
        _executor = new SerialExecutor(fault => Log.SubscriptionFailed(log, fault));
    }

    /// <summary>Subscriptions in force.</summary>
    public int Count => _count;

    /// <summary>Answers a SUBSCRIBE: a new one, a refresh, or with Expires 0 the end of one. Any thread.</summary>
    public void OnSubscribe(IncomingRequest request) => _executor.Post(() => Subscribe(request));

    /// <summary>Sends the state of a mailbox to everybody who subscribed to it. Any thread.</summary>
    public void Publish(long account) => _executor.Post(() =>
    {
        foreach (var subscription in _subscriptions.Values.Where(s => s.Account == account).ToArray())
        {
            _ = NotifyAsync(subscription);
        }
    });

    private void Subscribe(IncomingRequest request)
    {
        var package = request.Request.Headers["Event"]?.Split(';')[0].Trim();
        if (!MessageSummary.EventPackage.Equals(package, StringComparison.OrdinalIgnoreCase))
        {
            request.Respond(489, "Bad Event", new SipHeader("Allow-Events", MessageSummary.EventPackage));
            return;
        }

        if (!TryReadExpires(request.Request, out var expires))
        {
            request.Respond(400, "Bad Expires");
            return;
        }

        if (expires is > 0 and < MinExpires)
        {
            request.Respond(423, "Interval Too Brief", new SipHeader("Min-Expires", MinExpires.ToString(CultureInfo.InvariantCulture)));
            return;
        }

        expires = Math.Min(expires, MaxExpires);
        if (request.Request.To.Tag is null)
        {
            Begin(request, expires);
        }
        else
        {
            Refresh(request, expires);
        }
    }

    private void Begin(IncomingRequest request, int expires)
    {
        if (FindAccount(request) is not { } account)
        {
            request.Respond(404, "No Such Mailbox");
            return;
        }

        if (_subscriptions.Count >= _options.MaxSubscriptions)
        {
            request.Respond(503, "Too Many Subscriptions", new SipHeader("Retry-After", "60"));
            return;
        }

        var subscription = new MessageSummarySubscription(
            request.Request,
            request.LocalTag,
            new SipDestination(request.Transport, request.Source),
            SipUri.Create(request.Request.RequestUri.User, request.LocalEndPoint),
            account)
        {
            RemoteSequence = request.Request.CSeq.Number,
        };
        if (expires > 0)
        {
            _subscriptions[subscription.Key] = subscription;
            _count = _subscriptions.Count;
        }

        Grant(request, subscription, expires);
    }

    private void Refresh(IncomingRequest request, int expires)
    {
        if (!_subscriptions.TryGetValue((request.Request.CallId, request.Request.To.Tag!), out var subscription))
        {
            request.Respond(481, "Subscription Does Not Exist");
            return;
        }

        if (request.Request.CSeq.Number <= subscription.RemoteSequence)
        {
            request.Respond(500, "CSeq Out Of Order");
            return;
        }

        subscription.Refresh(request.Request, new SipDestination(request.Transport, request.Source));
        if (expires == 0)
        {
            Remove(subscription);
        }

        Grant(request, subscription, expires);
    }

    /// <summary>200, then the state at once (RFC 6665 section 4.2.1.2).</summary>
    private void Grant(IncomingRequest request, MessageSummarySubscription subscription, int expires)
    {
        var now = _wheel.Time.GetUtcNow();
        subscription.ExpiresAt = now.AddSeconds(expires);
        request.Respond(200, "OK", new SipHeader("Expires", expires.ToString(CultureInfo.InvariantCulture)));
        if (expires > 0)
        {
            _wheel.Schedule(TimeSpan.FromSeconds(expires), _executor, () => Expire(subscription));
        }

        _ = NotifyAsync(subscription);
    }

    private void Expire(MessageSummarySubscription subscription)
    {
        if (subscription.ExpiresAt <= _wheel.Time.GetUtcNow() && Remove(subscription))
        {
            _ = NotifyAsync(subscription);
        }
    }

    private async Task NotifyAsync(MessageSummarySubscription subscription)
    {
        if (await _counts.ReadAsync(subscription.Account) is not { } summary)
        {
            return;
        }

        var response = await _endpoint.SendAsync(subscription.Notify(summary, _wheel.Time.GetUtcNow()), subscription.Destination, CancellationToken.None);
        _statistics.CountNotification(string.Create(CultureInfo.InvariantCulture, $"{response.Status / 100}xx"));
        if (response.Status is 481 or 408 or 404 or 410 or 489)
        {
            Remove(subscription);
        }
    }

    private bool Remove(MessageSummarySubscription subscription)
    {
        var removed = _subscriptions.Remove(subscription.Key);
        _count = _subscriptions.Count;
        return removed;
    }

    /// <summary>Whose mailbox is meant: the Request-URI, in the dial plans of the gateway that asks.</summary>
    private long? FindAccount(IncomingRequest request)
    {
        var directory = _directory.Current;
        if (directory.Organization.FindGateway(request.Source.Address) is not { } gateway)
        {
            return null;
        }

        foreach (var plan in directory.Organization.HuntGroups.Where(h => h.Gateway == gateway.Name).Select(h => h.DialPlan).Distinct(StringComparer.Ordinal))
        {
            if (directory.FindPerson(plan, request.Request.RequestUri.ToString()).Person is { } person)
            {
                return person.AccountId;
            }
        }

        return null;
    }

    private static bool TryReadExpires(SipRequest request, out int expires)
    {
        expires = DefaultExpires;
        return request.Headers["Expires"] is not { } text || int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out expires);
    }
}
