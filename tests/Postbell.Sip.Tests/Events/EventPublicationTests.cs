using System.Text;
using Postbell.Sip.Events;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Events;

/// <summary>State that we publish (RFC 3903), and instant messages that we send (RFC 3428).</summary>
public sealed class EventPublicationTests : IAsyncLifetime
{
    private readonly EventBench _bench = new();
    private int _tags;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_state_is_published_changed_and_withdrawn_with_the_tag_of_the_last_answer()
    {
        _bench.Answer = Grant;
        var publication = New();
        (await publication.PublishAsync("one"u8.ToArray(), "text/plain")).Status.ShouldBe(200);
        var first = await _bench.RequestAsync(1);
        first.Headers["Event"].ShouldBe("presence");
        first.Headers["Expires"].ShouldBe("3600");
        first.Headers.Contains("SIP-If-Match").ShouldBeFalse();
        publication.EntityTag.ShouldBe("tag1");

        await publication.PublishAsync("two"u8.ToArray(), "text/plain");
        var second = await _bench.RequestAsync(2);
        second.Headers["SIP-If-Match"].ShouldBe("tag1");
        Encoding.UTF8.GetString(second.Body.Span).ShouldBe("two");

        (await publication.WithdrawAsync()).ShouldNotBeNull();
        var last = await _bench.RequestAsync(3);
        last.Headers["SIP-If-Match"].ShouldBe("tag2");
        last.Headers["Expires"].ShouldBe("0");
        last.Body.IsEmpty.ShouldBeTrue();
        publication.EntityTag.ShouldBeNull();
        (await publication.WithdrawAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_refreshed_without_body_before_it_expires()
    {
        _bench.Answer = request => Grant(request, 100);
        await New().PublishAsync("one"u8.ToArray(), "text/plain");
        await _bench.PassAsync(71);
        var refresh = await _bench.RequestAsync(2);
        refresh.Headers["SIP-If-Match"].ShouldBe("tag1");
        refresh.Body.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task An_agent_that_forgot_the_state_gets_it_again()
    {
        _bench.Answer = request => Grant(request, 100);
        var publication = New();
        await publication.PublishAsync("one"u8.ToArray(), "text/plain");
        _bench.Answer = request =>
        {
            if (request.Request.Headers.Contains("SIP-If-Match"))
            {
                request.Respond(412, "Conditional Request Failed");
            }
            else
            {
                Grant(request, 100);
            }
        };
        await _bench.PassAsync(71);
        var again = await _bench.RequestAsync(3);
        Encoding.UTF8.GetString(again.Body.Span).ShouldBe("one");
        await EventBench.UntilAsync(() => publication.EntityTag == "tag2");
    }

    [Fact]
    public async Task An_agent_that_wants_longer_intervals_gets_them()
    {
        _bench.Answer = request =>
        {
            if (request.Request.Headers["Expires"] == "3600")
            {
                request.Respond(423, null, new SipHeader("Min-Expires", "7200"));
            }
            else
            {
                Grant(request);
            }
        };
        (await New().PublishAsync("one"u8.ToArray(), "text/plain")).Status.ShouldBe(200);
        (await _bench.RequestAsync(2)).Headers["Expires"].ShouldBe("7200");
    }

    [Fact]
    public async Task A_refusal_publishes_nothing_and_is_not_repeated()
    {
        _bench.Answer = static request => request.Respond(489);
        var publication = New();
        (await publication.PublishAsync("one"u8.ToArray(), "text/plain")).Status.ShouldBe(489);
        publication.EntityTag.ShouldBeNull();
        await _bench.PassAsync(100);
        _bench.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_instant_message_is_sent_and_its_answer_told()
    {
        _bench.Answer = static request => request.Respond(202);
        var message = SipRequest.Create(SipMethods.Message, _bench.Resource, _bench.Self, null, "hello"u8.ToArray(), "text/plain");
        (await _bench.Ours.SendAsync(message, _bench.ToAgent)).Status.ShouldBe(202);
        var received = await _bench.RequestAsync(1);
        Encoding.UTF8.GetString(received.Body.Span).ShouldBe("hello");
        received.Headers.Contains("Contact").ShouldBeFalse();
    }

    private EventPublication New() => new(_bench.Ours, _bench.Wheel, new EventPublicationOptions
    {
        Resource = _bench.Resource,
        From = _bench.Self,
        Destination = _bench.ToAgent,
        Package = "presence",
    });

    private void Grant(IncomingRequest request) => Grant(request, 3600);

    private void Grant(IncomingRequest request, int expires) => request.Respond(
        200, null, new SipHeader("SIP-ETag", $"tag{++_tags}"), new SipHeader("Expires", expires.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
