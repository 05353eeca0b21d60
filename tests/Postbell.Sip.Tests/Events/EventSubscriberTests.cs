using System.Collections.Concurrent;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Events;

/// <summary>Our subscriptions at others (RFC 6665): made, refreshed, notified, ended.</summary>
public sealed class EventSubscriberTests : IAsyncLifetime, IEventSubscriptionEvents
{
    private readonly EventBench _bench = new();
    private readonly EventSubscriber _subscriber;
    private readonly ConcurrentQueue<string> _heard = new();
    private string _tag = "";
    private int _number;

    public EventSubscriberTests()
    {
        _subscriber = new EventSubscriber(_bench.Ours, _bench.Wheel);
        _bench.OurRequest = request =>
        {
            if (!_subscriber.TryTake(request))
            {
                request.Respond(481);
            }
        };
        _bench.Answer = request => Grant(request, 100);
    }

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    void IEventSubscriptionEvents.OnNotified(SipRequest notify) => _heard.Enqueue($"state {notify.Body.Length}");

    void IEventSubscriptionEvents.OnEnded(EventSubscriptionEnd end) => _heard.Enqueue($"ended {end.Status} {end.Reason} {end.RetryAfter?.TotalSeconds}");

    [Fact]
    public async Task The_state_comes_and_the_subscription_is_refreshed_in_its_dialog()
    {
        var first = await SubscribeAsync();
        first.Headers["Event"].ShouldBe("message-summary");
        first.Contact.ShouldNotBeNull();
        (await NotifyAsync(first, "active;expires=100")).Status.ShouldBe(200);
        _heard.ShouldBe(["state 4"]);
        await _bench.PassAsync(71);
        var refresh = await _bench.RequestAsync(2);
        refresh.To.Tag.ShouldBe(_tag);
        refresh.CallId.ShouldBe(first.CallId);
        refresh.CSeq.Number.ShouldBe(2u);
        refresh.From.Tag.ShouldBe(first.From.Tag);
    }

    [Theory]
    [InlineData("terminated;reason=rejected", "ended 0 rejected ")]
    [InlineData("terminated;reason=probation;retry-after=60", "ended 0 probation 60")]
    [InlineData("terminated", "ended 0  ")]
    public async Task The_other_side_ends_it_with_its_reason(string state, string expected)
    {
        var first = await SubscribeAsync();
        (await NotifyAsync(first, state)).Status.ShouldBe(200);
        await EventBench.UntilAsync(() => _heard.Count == 2);
        _heard.ShouldBe(["state 4", expected]);
        _subscriber.Count.ShouldBe(0);
        (await NotifyAsync(first, "active")).Status.ShouldBe(481);
    }

    [Fact]
    public async Task We_end_it_with_Expires_0_and_hear_the_last_state()
    {
        EventSubscription? subscription = null;
        var first = await SubscribeAsync(made => subscription = made);
        await NotifyAsync(first, "active;expires=100");
        subscription!.Unsubscribe();
        (await _bench.RequestAsync(2)).Headers["Expires"].ShouldBe("0");
        (await NotifyAsync(first, "terminated;reason=timeout")).Status.ShouldBe(200);
        await EventBench.UntilAsync(() => subscription.IsEnded && _heard.Count == 3);
        _heard.ShouldBe(["state 4", "state 4", "ended 0 timeout "]);
    }

    [Fact]
    public async Task A_refusal_ends_it()
    {
        _bench.Answer = static request => request.Respond(403);
        _subscriber.Subscribe(Options(), this);
        await EventBench.UntilAsync(() => !_heard.IsEmpty);
        _heard.ShouldBe(["ended 403  "]);
        _subscriber.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_notifier_that_wants_longer_intervals_gets_them_once()
    {
        _bench.Answer = static request => request.Respond(423, null, new SipHeader("Min-Expires", "7200"));
        _subscriber.Subscribe(Options(), this);
        await EventBench.UntilAsync(() => !_heard.IsEmpty);
        _bench.Received.Select(request => request.Headers["Expires"]).ShouldBe(["100", "7200"]);
        _heard.ShouldBe(["ended 423  "]);
    }

    [Fact]
    public async Task Notifications_that_nobody_asked_for_are_refused()
    {
        var first = await SubscribeAsync();
        await NotifyAsync(first, "active");
        (await NotifyAsync(first, "active", callId: "another")).Status.ShouldBe(481);
        (await NotifyAsync(first, "active", fromTag: "other")).Status.ShouldBe(481);
        (await NotifyAsync(first, "active", package: "presence")).Status.ShouldBe(489);
        (await NotifyAsync(first, null)).Status.ShouldBe(400);
        (await NotifyAsync(first, "active", type: "text/html")).Status.ShouldBe(415);
        _number = 0;
        (await NotifyAsync(first, "active")).Status.ShouldBe(500);
        _heard.ShouldBe(["state 4"]);
    }

    private EventSubscriptionOptions Options() => new()
    {
        Resource = _bench.Resource,
        From = _bench.Self,
        Destination = _bench.ToAgent,
        Package = "message-summary",
        Accept = "application/simple-message-summary",
        Expires = 100,
    };

    private async Task<SipRequest> SubscribeAsync(Action<EventSubscription>? made = null)
    {
        var subscription = _subscriber.Subscribe(Options(), this);
        made?.Invoke(subscription);
        return await _bench.RequestAsync(1);
    }

    private void Grant(IncomingRequest request, int expires)
    {
        _tag = request.LocalTag;
        request.Respond(200, null, new SipHeader("Expires", expires.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private Task<SipResponse> NotifyAsync(
        SipRequest subscribe, string? state, string? callId = null, string? fromTag = null, string package = "message-summary", string type = "application/simple-message-summary")
    {
        var headers = new SipHeaders();
        headers.Add("Max-Forwards", "70");
        headers.Add("From", $"{subscribe.Headers["To"]};tag={fromTag ?? _tag}");
        headers.Add("To", subscribe.Headers["From"]!);
        headers.Add("Call-ID", callId ?? subscribe.CallId);
        headers.Add("CSeq", $"{++_number} NOTIFY");
        headers.Add("Event", package);
        headers.Add("Content-Type", type);
        if (state is not null)
        {
            headers.Add("Subscription-State", state);
        }

        return _bench.Agent.SendAsync(new SipRequest(SipMethods.Notify, SipUri.Create("postbell", _bench.ToUs.EndPoint), headers, "body"u8.ToArray()), _bench.ToUs);
    }
}
