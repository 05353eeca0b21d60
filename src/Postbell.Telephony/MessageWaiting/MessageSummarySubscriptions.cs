using System.Globalization;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>
/// Phones that asked for the state of a mailbox (RFC 6665 with the package of RFC 3842): answers SUBSCRIBE, sends the first NOTIFY at once and
/// one for every change, ends what expired.
/// </summary>
/// <remarks>
/// Invariants: all state is touched on one executor only; at most one NOTIFY of a subscription is under way, so that none overtakes another, and
/// changes that come meanwhile are covered by one that follows; what a NOTIFY says was read from the store after the change it reports.
/// </remarks>
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
    private readonly ILogger _log;
    private readonly Dictionary<(string CallId, string LocalTag), MessageSummarySubscription> _subscriptions = [];
    private readonly Dictionary<long, HashSet<MessageSummarySubscription>> _byAccount = [];
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
        _log = log;
        _executor = new SerialExecutor(fault => Log.SubscriptionFailed(log, fault));
    }

    /// <summary>Subscriptions in force.</summary>
    public int Count => _count;

    /// <summary>Answers a SUBSCRIBE: a new one, a refresh, or with Expires 0 the end of one. Any thread.</summary>
    public void OnSubscribe(IncomingRequest request) => _executor.Post(() => Subscribe(request));

    /// <summary>Sends the state of a mailbox to everybody who subscribed to it. Any thread.</summary>
    public void Publish(long account) => _executor.Post(() =>
    {
        foreach (var subscription in _byAccount.GetValueOrDefault(account)?.ToArray() ?? [])
        {
            Notify(subscription);
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
            Add(subscription);
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
        subscription.Expiry?.Cancel();
        subscription.Expiry = expires > 0 ? _wheel.Schedule(TimeSpan.FromSeconds(expires), _executor, () => Expire(subscription)) : null;
        Notify(subscription);
    }

    private void Expire(MessageSummarySubscription subscription)
    {
        if (subscription.ExpiresAt <= _wheel.Time.GetUtcNow() && Remove(subscription))
        {
            Notify(subscription);
        }
    }

    private void Notify(MessageSummarySubscription subscription)
    {
        subscription.IsDirty = true;
        if (!subscription.IsBusy)
        {
            subscription.IsBusy = true;
            _ = FollowAsync(subscription);
        }
    }

    private async Task FollowAsync(MessageSummarySubscription subscription)
    {
        try
        {
            while (subscription.IsDirty)
            {
                subscription.IsDirty = false;
                await SendAsync(subscription);
                await _wheel.DelayAsync(_options.LampPace, CancellationToken.None);
            }
        }
        catch (ObjectDisposedException)
        {
            // The server stops.
        }
        catch (Exception fault)
        {
            Log.SubscriptionFailed(_log, fault);
        }
        finally
        {
            subscription.IsBusy = false;
        }
    }

    private async Task SendAsync(MessageSummarySubscription subscription)
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

    private void Add(MessageSummarySubscription subscription)
    {
        _subscriptions[subscription.Key] = subscription;
        _count = _subscriptions.Count;
        if (!_byAccount.TryGetValue(subscription.Account, out var ofAccount))
        {
            _byAccount[subscription.Account] = ofAccount = [];
        }

        ofAccount.Add(subscription);
    }

    private bool Remove(MessageSummarySubscription subscription)
    {
        subscription.Expiry?.Cancel();
        var removed = _subscriptions.Remove(subscription.Key);
        _count = _subscriptions.Count;
        if (_byAccount.TryGetValue(subscription.Account, out var ofAccount) && ofAccount.Remove(subscription) && ofAccount.Count == 0)
        {
            _byAccount.Remove(subscription.Account);
        }

        return removed;
    }

    /// <summary>Whose mailbox is meant: the Request-URI, in the dial plans of the gateway that asks.</summary>
    private long? FindAccount(IncomingRequest request)
    {
        var directory = _directory.Current;
        if (directory.Organization.FindGateway(request.Peer) is not { } gateway)
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
        if (request.Headers["Expires"]?.Trim() is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out expires))
        {
            return true;
        }

        // Phones say 4294967295 when they mean for ever.
        expires = MaxExpires;
        return text.Length > 0 && text.All(char.IsAsciiDigit);
    }
}
