using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Events;

/// <summary>One subscription of ours (RFC 6665 section 4.1). All state is touched on its executor.</summary>
public sealed class EventSubscription
{
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    private readonly SipEndpoint _endpoint;
    private readonly TimerWheel _wheel;
    private readonly EventSubscriptionOptions _options;
    private readonly IEventSubscriptionEvents _events;
    private readonly EventSubscriber _owner;
    private readonly SerialExecutor _executor = new();
    private readonly SipRequest _first;
    private DialogRoute? _route;
    private WheelTimer? _timer;
    private uint? _remoteNumber;
    private int _expires;
    private bool _raised;
    private bool _leaving;
    private bool _ended;

    internal EventSubscription(
        SipEndpoint endpoint, TimerWheel wheel, EventSubscriptionOptions options, IEventSubscriptionEvents events, EventSubscriber owner)
    {
        _endpoint = endpoint;
        _wheel = wheel;
        _options = options;
        _events = events;
        _owner = owner;
        _expires = options.Expires;
        _first = SipRequest.Create(SipMethods.Subscribe, options.Resource, options.From);
        AddTo(_first.Headers, _expires);
        Key = (_first.CallId, _first.From.Tag!);
    }

    /// <summary>True once it is over.</summary>
    public bool IsEnded => Volatile.Read(ref _ended);

    internal (string CallId, string LocalTag) Key { get; }

    /// <summary>Ends the subscription: SUBSCRIBE with Expires 0; the last notification still comes.</summary>
    public void Unsubscribe() => _executor.Post(() =>
    {
        if (!_ended && !_leaving)
        {
            _leaving = true;
            _timer?.Cancel();
            _ = RefreshAsync(0);
        }
    });

    internal void Begin() => _executor.Post(() => _ = SendFirstAsync(_first));

    internal void OnNotify(IncomingRequest notify) => _executor.Post(() => Take(notify));

    private async Task SendFirstAsync(SipRequest subscribe) =>
        OnAnswered(subscribe, await _endpoint.SendAsync(subscribe, _options.Destination));

    private async Task RefreshAsync(int expires)
    {
        if (_route is not { } route)
        {
            return;
        }

        var subscribe = route.Build(SipMethods.Subscribe, default, null, []);
        AddTo(subscribe.Headers, expires);
        OnAnswered(subscribe, await _endpoint.SendAsync(subscribe, _options.Destination));
    }

    private void OnAnswered(SipRequest subscribe, SipResponse response)
    {
        if (_ended)
        {
            return;
        }

        if (response.Status == 423 && !_raised && NumberOf(response.Headers["Min-Expires"]) is { } least && least > _expires)
        {
            Raise(least);
        }
        else if (!response.IsSuccess)
        {
            End(new EventSubscriptionEnd(response.Status, null, Seconds(response.Headers["Retry-After"])));
        }
        else
        {
            _route ??= DialogRoute.OfClient(subscribe, response);
            // Without a notification the other side forgot us before it began (section 4.1.2.4, timer N).
            Schedule(_leaving ? s_margin : TimeSpan.FromSeconds(NumberOf(response.Headers["Expires"]) ?? _expires));
        }
    }

    /// <summary>The notifier wants longer intervals; it gets what it wants once (section 4.1.2.1).</summary>
    private void Raise(int least)
    {
        _raised = true;
        _expires = least;
        if (_route is not null)
        {
            _ = RefreshAsync(_expires);
            return;
        }

        var again = new SipHeaders(_first.Headers.Where(header => header.Name is not ("Via" or "CSeq" or "Expires" or "Contact" or "User-Agent")));
        again.Add("CSeq", "2 SUBSCRIBE");
        again.Add("Expires", _expires.ToString(CultureInfo.InvariantCulture));
        _ = SendFirstAsync(new SipRequest(SipMethods.Subscribe, _options.Resource, again));
    }

    private void Take(IncomingRequest notify)
    {
        var request = notify.Request;
        if (_ended)
        {
            notify.Respond(481, "Subscription Does Not Exist");
        }
        else if (!_options.Package.Equals(request.Headers["Event"]?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase))
        {
            notify.Respond(489, "Bad Event", new SipHeader("Allow-Events", _options.Package));
        }
        else if (request.Headers["Subscription-State"] is not { } state)
        {
            notify.Respond(400, "Missing Subscription-State");
        }
        else if (_remoteNumber is { } last && request.CSeq.Number <= last)
        {
            notify.Respond(500, "CSeq Out Of Order");
        }
        else if (_route is { } route && route.Key.RemoteTag != (request.From.Tag ?? ""))
        {
            // A fork of the SUBSCRIBE made another subscription; one is enough (section 4.4.1).
            notify.Respond(481, "Subscription Does Not Exist");
        }
        else if (!request.Body.IsEmpty && !_options.Accept.Equals(request.ContentType, StringComparison.OrdinalIgnoreCase))
        {
            notify.Respond(415, null, new SipHeader("Accept", _options.Accept));
        }
        else
        {
            _remoteNumber = request.CSeq.Number;
            notify.Respond(200);
            _events.OnNotified(request);
            Follow(state);
        }
    }

    private void Follow(string state)
    {
        var end = state.IndexOf(';');
        var name = (end < 0 ? state : state[..end]).Trim();
        var parameters = end >= 0 && SipParameters.TryParse(state.AsSpan(end), out var read) ? read : SipParameters.Empty;
        if (name.Equals("terminated", StringComparison.OrdinalIgnoreCase))
        {
            End(new EventSubscriptionEnd(0, parameters["reason"], Seconds(parameters["retry-after"])));
        }
        else if (NumberOf(parameters["expires"]) is { } left && _route is not null && !_leaving)
        {
            // The notifier may shorten what it granted.
            Schedule(TimeSpan.FromSeconds(left));
        }
    }

    private void Schedule(TimeSpan granted)
    {
        _timer?.Cancel();
        var margin = granted / 2 < s_margin ? granted / 2 : s_margin;
        _timer = _leaving
            ? _wheel.Schedule(granted, _executor, () => End(new EventSubscriptionEnd(0, "timeout")))
            : _wheel.Schedule(granted - margin, _executor, () => _ = RefreshAsync(_expires));
    }

    private void End(EventSubscriptionEnd end)
    {
        if (_ended)
        {
            return;
        }

        Volatile.Write(ref _ended, true);
        _timer?.Cancel();
        _owner.Remove(this);
        _events.OnEnded(end);
    }

    private void AddTo(SipHeaders headers, int expires)
    {
        headers.Add("Event", _options.Package);
        headers.Add("Accept", _options.Accept);
        headers.Add("Expires", expires.ToString(CultureInfo.InvariantCulture));
    }

    private static int? NumberOf(string? text) => SipSyntax.TryNumber(text.AsSpan().Trim(), 864_000, out var number) ? (int)number : null;

    private static TimeSpan? Seconds(string? text) => NumberOf(text?.Split(';', '(')[0]) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
