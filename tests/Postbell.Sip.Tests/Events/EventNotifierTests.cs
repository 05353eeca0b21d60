using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Events;

/// <summary>Others' subscriptions at us (RFC 6665): the agent of the bench subscribes, and what it receives are our notifications.</summary>
public sealed class EventNotifierTests : IAsyncLifetime
{
    private const string Place = "berlin";

    private readonly EventBench _bench = new();
    private readonly TestPackage _package = new();
    private EventNotifier _notifier;

    public EventNotifierTests()
    {
        _package.Say(Place, "sun");
        _notifier = Serve(new EventNotifierOptions());
    }

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_subscriber_hears_the_state_at_once_and_each_change_in_its_dialog()
    {
        var granted = await SubscribeAsync(@event: "weather;id=7");
        (granted.Status, granted.Headers["Expires"]).ShouldBe((200, "600"));
        granted.Contact.ShouldNotBeNull();
        var first = await _bench.RequestAsync(1);
        Said(first).ShouldBe("sun");
        first.Headers["Event"].ShouldBe("weather;id=7");
        first.Headers["Subscription-State"].ShouldBe("active;expires=600");
        first.ContentType.ShouldBe("text/plain");
        (first.CallId, first.From.Tag, first.To.Tag).ShouldBe((granted.CallId, granted.To.Tag, granted.From.Tag));
        first.RequestUri.ToString().ShouldBe(Contact.ToString());

        _package.Say(Place, "rain");
        _notifier.Publish("weather", Place);
        var second = await NotifiedAsync(2);
        Said(second).ShouldBe("rain");
        second.CSeq.Number.ShouldBe(first.CSeq.Number + 1);
        _notifier.Count.ShouldBe(1);
        _notifier.Publish("weather", "paris");
        _notifier.Publish("news", Place);
        await _bench.PassAsync(3);
        _bench.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Changes_that_come_while_a_notification_is_under_way_become_one()
    {
        IncomingRequest? held = null;
        _bench.Answer = request => held = request;
        await SubscribeAsync();
        await EventBench.UntilAsync(() => held is not null);
        foreach (var state in new[] { "rain", "snow", "fog" })
        {
            _package.Say(Place, state);
            _notifier.Publish("weather", Place);
        }

        _bench.Answer = static request => request.Respond(200);
        held!.Respond(200);
        await EventBench.UntilAsync(() => _package.Answers.Count == 1);
        await PassUntilAsync(() => _bench.Received.Count == 2);
        Said(await NotifiedAsync(2)).ShouldBe("fog");
        await _bench.PassAsync(5);
        _bench.Received.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("news", null, "600", null, 489, "Allow-Events", "weather")]
    [InlineData(null, null, "600", null, 489, "Allow-Events", "weather")]
    [InlineData("weather;;", null, "600", null, 400, null, null)]
    [InlineData("weather", null, "30", null, 423, "Min-Expires", "60")]
    [InlineData("weather", null, "soon", null, 400, null, null)]
    [InlineData("weather", null, "-1", null, 400, null, null)]
    [InlineData("weather", "text/html, image/*", "600", null, 406, "Accept", "text/plain")]
    [InlineData("weather", null, "600", "atlantis", 404, null, null)]
    public async Task What_cannot_be_served_is_refused_by_name(string? @event, string? accept, string expires, string? place, int status, string? header, string? value)
    {
        var answer = await SubscribeAsync(@event, accept, expires, place ?? Place);
        answer.Status.ShouldBe(status);
        if (header is not null)
        {
            answer.Headers[header].ShouldBe(value);
        }

        _notifier.Count.ShouldBe(0);
        _bench.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_Event_headers_or_no_Contact_are_refused()
    {
        (await SubscribeAsync(change: headers => headers.Add("Event", "weather"))).Status.ShouldBe(400);
        // The endpoint writes a Contact of its own where there is none, so an empty one stands for none.
        (await SubscribeAsync(change: static headers => headers.Set("Contact", "*"))).Status.ShouldBe(400);
        _notifier.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("text/*")]
    [InlineData("application/pdf, text/plain;charset=utf-8")]
    [InlineData("*/*")]
    public async Task A_body_type_that_is_accepted_in_whatever_form_is_sent(string accept) =>
        (await SubscribeAsync(accept: accept)).Status.ShouldBe(200);

    [Theory]
    [InlineData("86400", "3600")]
    [InlineData("4294967295", "3600")]
    [InlineData("99999999999999999999999", "3600")]
    [InlineData(null, "600")]
    public async Task An_interval_that_is_too_long_or_missing_is_set(string? asked, string granted) =>
        (await SubscribeAsync(expires: asked)).Headers["Expires"].ShouldBe(granted);

    [Fact]
    public async Task A_subscription_is_refreshed_and_ended_in_its_dialog_only()
    {
        var first = await SubscribeAsync(expires: "60");
        await NotifiedAsync(1);
        await _bench.PassAsync(50);
        (await SubscribeAsync(former: first, expires: "60")).Status.ShouldBe(200);
        await NotifiedAsync(2);
        await _bench.PassAsync(50);
        _notifier.Count.ShouldBe(1);

        (await SubscribeAsync(former: first, number: 2)).Status.ShouldBe(500);
        (await SubscribeAsync(former: first, number: 3, @event: "weather;id=other")).Status.ShouldBe(481);
        (await SubscribeAsync(former: first, number: 4, change: static headers => headers.Set("From", "<sip:x@example.com>;tag=another"))).Status.ShouldBe(481);
        (await SubscribeAsync(former: first, number: 5, change: static headers => headers.Set("Call-ID", "another"))).Status.ShouldBe(481);

        (await SubscribeAsync(former: first, number: 6, expires: "0")).Headers["Expires"].ShouldBe("0");
        var last = await NotifiedAsync(3);
        last.Headers["Subscription-State"].ShouldBe("terminated;reason=timeout");
        _notifier.Count.ShouldBe(0);
        (await SubscribeAsync(former: first, number: 7)).Status.ShouldBe(481);
    }

    [Fact]
    public async Task A_subscription_that_is_not_refreshed_ends_with_a_last_notification()
    {
        await SubscribeAsync(expires: "60");
        await NotifiedAsync(1);
        await PassUntilAsync(() => _bench.Received.Count == 2);
        (await NotifiedAsync(2)).Headers["Subscription-State"].ShouldBe("terminated;reason=timeout");
        _notifier.Count.ShouldBe(0);
        _notifier.Publish("weather", Place);
        await _bench.PassAsync(5);
        _bench.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task With_Expires_0_the_state_is_fetched_once()
    {
        (await SubscribeAsync(expires: "0")).Status.ShouldBe(200);
        var only = await NotifiedAsync(1);
        (Said(only), only.Headers["Subscription-State"]).ShouldBe(("sun", "terminated;reason=timeout"));
        _notifier.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(481)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task A_subscriber_who_knows_of_no_subscription_has_none(int status)
    {
        _bench.Answer = request => request.Respond(status);
        await SubscribeAsync();
        await EventBench.UntilAsync(() => _notifier.Count == 0 && _package.Answers.Count == 1);
        _package.Answers.ShouldBe([status]);
        await _bench.PassAsync(120);
        _bench.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_subscriber_who_does_not_answer_is_forgotten()
    {
        _bench.Answer = static _ => { };
        await SubscribeAsync();
        await NotifiedAsync(1);
        await PassUntilAsync(() => _notifier.Count == 0);
        _package.Answers.ShouldBe([408]);
    }

    [Fact]
    public async Task A_subscriber_who_is_busy_hears_the_newest_state_later()
    {
        _bench.Answer = static request => request.Respond(503, null, new SipHeader("Retry-After", "30"));
        await SubscribeAsync();
        await NotifiedAsync(1);
        await EventBench.UntilAsync(() => _package.Answers.Count == 1);
        _package.Say(Place, "rain");
        _bench.Answer = static request => request.Respond(200);
        await _bench.PassAsync(25);
        _bench.Received.Count.ShouldBe(1);
        await PassUntilAsync(() => _bench.Received.Count == 2);
        Said(await NotifiedAsync(2)).ShouldBe("rain");
        _notifier.Count.ShouldBe(1);
    }

    [Fact]
    public async Task At_its_limits_the_next_subscription_is_told_to_come_later()
    {
        _notifier = Serve(new EventNotifierOptions { MaxSubscriptions = 2 });
        await SubscribeAsync();
        await SubscribeAsync();
        var third = await SubscribeAsync();
        (third.Status, third.Reason, third.Headers["Retry-After"]).ShouldBe((503, "Too Many Subscriptions", "10"));

        _notifier = Serve(new EventNotifierOptions { MaxSubscriptionsPerSource = 1 });
        var first = await SubscribeAsync();
        (await SubscribeAsync()).Status.ShouldBe(503);
        (await SubscribeAsync(former: first, expires: "0")).Status.ShouldBe(200);
        (await SubscribeAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Only_so_many_notifications_are_under_way_the_others_stand_in_line()
    {
        _notifier = Serve(new EventNotifierOptions { MaxUnderWay = 2 });
        var held = new System.Collections.Concurrent.ConcurrentQueue<IncomingRequest>();
        _bench.Answer = held.Enqueue;
        for (var i = 0; i < 5; i++)
        {
            (await SubscribeAsync()).Status.ShouldBe(200);
        }

        await EventBench.UntilAsync(() => held.Count == 2);
        _notifier.UnderWay.ShouldBe(2);
        for (var answered = 0; answered < 5; answered++)
        {
            IncomingRequest? next = null;
            await EventBench.UntilAsync(() => held.TryDequeue(out next));
            _notifier.UnderWay.ShouldBeLessThanOrEqualTo(2);
            next!.Respond(200);
        }

        await EventBench.UntilAsync(() => _notifier.UnderWay == 0);
        _bench.Received.Select(request => request.CallId).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task A_state_that_is_not_known_is_not_made_up_and_told_once_it_is()
    {
        _package.States[Place] = EventState.Unknown;
        await SubscribeAsync();
        var first = await NotifiedAsync(1);
        first.Body.IsEmpty.ShouldBeTrue();
        first.Headers["Subscription-State"]!.ShouldStartWith("active");
        await _bench.PassAsync(20);
        _bench.Received.Count.ShouldBe(1);
        _package.Say(Place, "rain");
        await PassUntilAsync(() => _bench.Received.Count == 2);
        Said(await NotifiedAsync(2)).ShouldBe("rain");
    }

    [Fact]
    public async Task A_resource_that_is_gone_ends_its_subscriptions()
    {
        await SubscribeAsync();
        await NotifiedAsync(1);
        _package.States[Place] = EventState.Gone;
        _notifier.Publish("weather", Place);
        await PassUntilAsync(() => _bench.Received.Count == 2);
        (await NotifiedAsync(2)).Headers["Subscription-State"].ShouldBe("terminated;reason=noresource");
        _notifier.Count.ShouldBe(0);
    }

    [Fact]
    public async Task When_we_stop_subscribers_are_told_to_come_again()
    {
        await SubscribeAsync();
        await SubscribeAsync();
        await NotifiedAsync(2);
        await _bench.PassAsync(3);
        var stopped = _notifier.StopAsync();
        await PassUntilAsync(() => stopped.IsCompleted);
        _bench.Received.Skip(2).Select(request => request.Headers["Subscription-State"])
            .ShouldBe(["terminated;reason=probation;retry-after=10", "terminated;reason=probation;retry-after=10"]);
        var late = await SubscribeAsync();
        (late.Status, late.Headers["Retry-After"]).ShouldBe((503, "10"));
    }

    [Fact]
    public async Task Notifications_go_the_route_and_to_where_the_subscriber_moved()
    {
        var first = await SubscribeAsync(change: headers => headers.Add("Record-Route", $"<sip:{_bench.Agent.Bound[0].EndPoint};lr>"));
        first.Headers["Record-Route"].ShouldNotBeNull();
        (await NotifiedAsync(1)).Headers["Route"].ShouldBe($"<sip:{_bench.Agent.Bound[0].EndPoint};lr>");
        await SubscribeAsync(former: first, change: static headers => headers.Set("Contact", "<sip:elsewhere@192.0.2.7>"));
        await PassUntilAsync(() => _bench.Received.Count == 2);
        (await NotifiedAsync(2)).RequestUri.ToString().ShouldBe("sip:elsewhere@192.0.2.7");
    }

    private SipUri Contact => SipUri.Create("phone", _bench.Agent.Bound[0].EndPoint);

    private static string Said(SipRequest notify) => Encoding.UTF8.GetString(notify.Body.Span);

    private EventNotifier Serve(EventNotifierOptions options)
    {
        var notifier = new EventNotifier(_bench.Ours, _bench.Wheel, [_package], options, NullLogger<EventNotifier>.Instance);
        _bench.OurRequest = notifier.OnSubscribe;
        return notifier;
    }

    private async Task PassUntilAsync(Func<bool> isSo)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!isSo())
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await _bench.PassAsync(1);
        }
    }

    private async Task<SipRequest> NotifiedAsync(int number)
    {
        await PassUntilAsync(() => _bench.Received.Count >= number);
        return _bench.Received.ElementAt(number - 1);
    }

    private Task<SipResponse> SubscribeAsync(
        string? @event = "weather", string? accept = null, string? expires = "600", string place = Place, SipResponse? former = null, uint? number = null,
        Action<SipHeaders>? change = null)
    {
        var target = SipUri.Create(place, _bench.ToUs.EndPoint);
        var request = SipRequest.Create(SipMethods.Subscribe, target, former?.From ?? new NameAddress(Contact), former?.To);
        var headers = request.Headers;
        if (former is not null)
        {
            headers.Set("Call-ID", former.CallId);
            headers.Set("CSeq", string.Create(CultureInfo.InvariantCulture, $"{number ?? former.CSeq.Number + 1} SUBSCRIBE"));
        }

        headers.Add("Contact", $"<{Contact}>");
        Add("Event", @event);
        Add("Accept", accept);
        Add("Expires", expires);
        change?.Invoke(headers);
        return _bench.Agent.SendAsync(request, _bench.ToUs);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(name, value);
            }
        }
    }
}
