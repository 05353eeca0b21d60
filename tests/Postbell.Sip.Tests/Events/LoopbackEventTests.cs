using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Events;

/// <summary>Subscriptions and publications between two endpoints on real sockets.</summary>
public sealed class LoopbackEventTests : IEventSubscriptionEvents, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

    public void Dispose() => _wheel.Dispose();

    void IEventSubscriptionEvents.OnNotified(SipRequest notify) => _heard.Writer.TryWrite(Encoding.UTF8.GetString(notify.Body.Span));

    void IEventSubscriptionEvents.OnEnded(EventSubscriptionEnd end) => _heard.Writer.TryWrite($"ended {end.Status} {end.Reason}");

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task A_subscription_is_notified_and_ended(SipTransport transport)
    {
        await using var there = await Loopback.StartAsync(transport);
        await using var here = await Loopback.StartAsync(transport);
        var package = new TestPackage { Pace = TimeSpan.Zero };
        package.Say("berlin", "sun");
        var notifier = new EventNotifier(there.Endpoint, _wheel, [package], new EventNotifierOptions(), NullLogger<EventNotifier>.Instance);
        there.Requested = notifier.OnSubscribe;
        var subscriber = new EventSubscriber(here.Endpoint, _wheel);
        here.Requested = request =>
        {
            if (!subscriber.TryTake(request))
            {
                request.Respond(481);
            }
        };

        var subscription = subscriber.Subscribe(
            new EventSubscriptionOptions
            {
                Resource = SipUri.Create("berlin", there.Address),
                From = new NameAddress(SipUri.Create("here", here.Address)),
                Destination = there.Destination,
                Package = "weather",
                Accept = "text/plain",
            },
            this);
        (await NextAsync()).ShouldBe("sun");
        package.Say("berlin", "rain");
        notifier.Publish("weather", "berlin");
        (await NextAsync()).ShouldBe("rain");
        subscription.Unsubscribe();
        (await NextAsync()).ShouldBe("rain");
        (await NextAsync()).ShouldBe("ended 0 timeout");
        notifier.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public async Task A_state_is_published_and_withdrawn(SipTransport transport)
    {
        var seen = Channel.CreateUnbounded<SipRequest>();
        await using var agent = await Loopback.StartAsync(transport, change: static options => options with { AllowedMethods = [SipMethods.Publish] });
        await using var here = await Loopback.StartAsync(transport);
        agent.Requested = request =>
        {
            seen.Writer.TryWrite(request.Request);
            request.Respond(200, null, new SipHeader("SIP-ETag", "first"), new SipHeader("Expires", "3600"));
        };
        var publication = new EventPublication(here.Endpoint, _wheel, new EventPublicationOptions
        {
            Resource = SipUri.Create("1001", agent.Address),
            From = new NameAddress(SipUri.Create("1001", here.Address)),
            Destination = agent.Destination,
            Package = "presence",
        });
        (await publication.PublishAsync("open"u8.ToArray(), "text/plain").WaitAsync(Limit)).Status.ShouldBe(200);
        (await publication.WithdrawAsync().WaitAsync(Limit)).ShouldNotBeNull();
        Encoding.UTF8.GetString((await seen.Reader.ReadAsync()).Body.Span).ShouldBe("open");
        var withdrawn = await seen.Reader.ReadAsync();
        (withdrawn.Headers["SIP-If-Match"], withdrawn.Headers["Expires"], withdrawn.Body.IsEmpty).ShouldBe(("first", "0", true));
        await publication.DisposeAsync();
    }

    private async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _heard.Reader.ReadAsync(limit.Token);
    }
}
