using System.Collections.Concurrent;
using Postbell.Directory;

namespace Postbell.Scenarios.Tests;

/// <summary>The lamp says what is stored: on with a new message, off when it is read, to whoever subscribed and to the gateway.</summary>
public sealed class LampScenarios
{
    private const string Off = "Messages-Waiting: no\r\nMessage-Account: sip:1001@postbell\r\nVoice-Message: 0/0 (0/0)\r\n";
    private const string One = "Messages-Waiting: yes\r\nMessage-Account: sip:1001@postbell\r\nVoice-Message: 1/0 (0/0)\r\n";
    private const string Read = "Messages-Waiting: no\r\nMessage-Account: sip:1001@postbell\r\nVoice-Message: 0/1 (0/0)\r\n";

    [Fact]
    public async Task A_subscriber_hears_the_state_at_once_then_the_new_message_then_that_it_was_read()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        (await desk.SubscribeAsync("1001", 3600)).Status.ShouldBe(200);
        await server.UntilAsync(() => desk.Summaries.Count == 1, "the first NOTIFY");
        desk.Summaries[0].ShouldBe((Off, "active;expires=3600"));

        await LeaveMessageAsync(server);
        await server.UntilAsync(() => desk.Summaries[^1].Summary == One, "the lamp to go on");

        await server.MarkReadAsync();
        await server.UntilAsync(() => desk.Summaries[^1].Summary == Read, "the lamp to go off");
    }

    [Fact]
    public async Task A_missed_call_note_lights_no_lamp()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        await desk.SubscribeAsync("1001", 3600);
        var caller = await server.PhoneAsync();
        await caller.DialAsync("1001");
        caller.HangUp();
        (await server.MessagesAsync()).Count.ShouldBe(1);
        await server.PassAsync(TimeSpan.FromSeconds(3));
        desk.Summaries.ShouldAllBe(s => s.Summary == Off);
    }

    [Fact]
    public async Task A_subscription_is_refreshed_in_its_dialog_and_ended_with_Expires_0()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        var first = await desk.SubscribeAsync("1001", 60);
        await server.UntilAsync(() => desk.Summaries.Count == 1, "the first NOTIFY");
        await server.PassAsync(TimeSpan.FromSeconds(40));
        var second = await desk.SubscribeAsync("1001", 60, first);
        second.Status.ShouldBe(200);
        await server.UntilAsync(() => desk.Summaries.Count == 2, "the NOTIFY of the refresh");
        await server.PassAsync(TimeSpan.FromSeconds(40));
        desk.Summaries.Count.ShouldBe(2);
        (await desk.SubscribeAsync("1001", 0, second)).Status.ShouldBe(200);
        await server.UntilAsync(() => desk.Summaries.Count == 3, "the last NOTIFY");
        desk.Summaries[^1].State.ShouldStartWith("terminated");
    }

    [Fact]
    public async Task A_subscription_that_is_not_refreshed_ends_with_a_last_NOTIFY()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        await desk.SubscribeAsync("1001", 60);
        await server.UntilAsync(() => desk.Summaries.Count == 2, "the subscription to expire", 90);
        desk.Summaries[^1].State.ShouldBe("terminated;reason=timeout");
    }

    [Fact]
    public async Task Wrong_subscriptions_are_refused_by_name()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        var badEvent = await desk.SubscribeAsync("1001", 3600, package: "presence");
        (badEvent.Status, badEvent.Headers["Allow-Events"]).ShouldBe((489, "message-summary"));
        (await desk.SubscribeAsync("1999", 3600)).Status.ShouldBe(404);
        var brief = await desk.SubscribeAsync("1001", 5);
        (brief.Status, brief.Headers["Min-Expires"]).ShouldBe((423, "60"));
        var good = await desk.SubscribeAsync("1001", 3600);
        await desk.SubscribeAsync("1001", 0, good);
        (await desk.SubscribeAsync("1001", 3600, good)).Status.ShouldBe(481);
    }

    [Fact]
    public async Task A_subscription_has_no_place_in_a_call()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        var answer = await phone.AskInCallAsync(Sip.Messages.SipMethods.Subscribe, new Sip.Messages.SipHeader("Event", "message-summary"));
        (answer.Status, answer.Reason).ShouldBe((403, "Subscribe Outside Of A Call"));
        phone.HangUp();
    }

    [Fact]
    public async Task The_gateway_is_told_without_asking()
    {
        await using var server = await ScenarioServer.StartAsync();
        var gateway = await server.PhoneAsync();
        server.ServeLampsThrough(gateway.Address);
        await LeaveMessageAsync(server);
        await server.UntilAsync(() => gateway.Summaries.Any(s => s.Summary == One), "the lamp to go on");
        gateway.Summaries[^1].State.ShouldBe("terminated;reason=timeout");
        await server.MarkReadAsync();
        await server.UntilAsync(() => gateway.Summaries[^1].Summary == Read, "the lamp to go off");
    }

    [Fact]
    public async Task A_gateway_that_was_away_is_told_when_it_is_back()
    {
        await using var server = await ScenarioServer.StartAsync();
        var gateway = await server.PhoneAsync();
        server.ServeLampsThrough(gateway.Address);
        server.SipNetwork.OnDatagram = (_, to, _) => !to.Equals(gateway.Address);
        await LeaveMessageAsync(server);
        await server.PassAsync(TimeSpan.FromSeconds(40));
        gateway.Summaries.ShouldBeEmpty();
        server.SipNetwork.OnDatagram = null;
        await server.UntilAsync(() => gateway.Summaries.Any(s => s.Summary == One), "the lamp to go on", 120);
    }

    [Fact]
    public async Task No_NOTIFY_overtakes_another_of_its_subscription()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        await desk.SubscribeAsync("1001", 3600);
        await server.UntilAsync(() => desk.Summaries.Count == 1, "the first NOTIFY");
        var numbers = new ConcurrentDictionary<string, bool>();
        server.SipNetwork.OnDatagram = (_, to, datagram) =>
        {
            if (!to.Equals(desk.Address))
            {
                return true;
            }

            numbers.TryAdd(CSeqOf(datagram.Span), true);
            return false;
        };
        await LeaveMessageAsync(server);
        await server.MarkReadAsync();
        await server.PassAsync(TimeSpan.FromSeconds(3));
        numbers.Count.ShouldBe(1);

        server.SipNetwork.OnDatagram = null;
        await server.UntilAsync(() => desk.Summaries[^1].Summary == Read, "the lamp to be right in the end");
    }

    [Fact]
    public async Task After_a_restart_lamps_are_set_a_few_at_a_time()
    {
        await using var server = await ScenarioServer.StartAsync();
        var gateway = await server.PhoneAsync();
        server.ServeLampsThrough(gateway.Address);
        server.Directory.Replace([.. Enumerable.Range(2000, 200).Select(n => new Person
        {
            AccountId = n, UserName = $"u{n}", DisplayName = $"Person {n}", EmailAddress = $"u{n}@example.com", DialPlan = "plan", Extension = $"{n}",
        })]);
        var calls = new ConcurrentDictionary<string, bool>();
        server.SipNetwork.OnDatagram = (_, to, datagram) =>
        {
            if (!to.Equals(gateway.Address))
            {
                return true;
            }

            // Not what the stopped one had under way for the first of them.
            if (datagram.Span.StartsWith("NOTIFY sip:2"u8))
            {
                calls.TryAdd(CallIdOf(datagram.Span), true);
            }

            return false;
        };
        server.RestartLamps();
        await server.PassAsync(TimeSpan.FromSeconds(2));
        calls.Count.ShouldBeInRange(1, 32);

        server.SipNetwork.OnDatagram = null;
        await server.UntilAsync(() => gateway.Summaries.Count >= 200, "all lamps to be set", 90);
    }

    [Fact]
    public async Task A_gateway_that_was_away_for_long_is_told_when_it_is_back()
    {
        await using var server = await ScenarioServer.StartAsync();
        var gateway = await server.PhoneAsync();
        server.ServeLampsThrough(gateway.Address);
        server.SipNetwork.OnDatagram = (_, to, _) => !to.Equals(gateway.Address);
        await LeaveMessageAsync(server);
        await server.PassAsync(TimeSpan.FromMinutes(8), TimeSpan.FromMilliseconds(250));
        gateway.Summaries.ShouldBeEmpty();
        server.SipNetwork.OnDatagram = null;
        await server.UntilAsync(() => gateway.Summaries.Any(s => s.Summary == One), "the lamp to go on", 120);
    }

    [Fact]
    public async Task Refreshing_again_and_again_leaves_one_timer()
    {
        await using var server = await ScenarioServer.StartAsync();
        var desk = await server.PhoneAsync();
        var last = await desk.SubscribeAsync("1001", 3600);
        await server.PassAsync(TimeSpan.FromSeconds(45), TimeSpan.FromMilliseconds(100));
        var before = server.Wheel.Pending;
        for (var i = 0; i < 20; i++)
        {
            last = await desk.SubscribeAsync("1001", 3600, last);
        }

        await server.PassAsync(TimeSpan.FromSeconds(45), TimeSpan.FromMilliseconds(100));
        server.Wheel.Pending.ShouldBeLessThanOrEqualTo(before + 2);
    }

    private static string CallIdOf(ReadOnlySpan<byte> datagram) => HeaderOf(datagram, "Call-ID:");

    private static string CSeqOf(ReadOnlySpan<byte> datagram) => HeaderOf(datagram, "CSeq:");

    private static string HeaderOf(ReadOnlySpan<byte> datagram, string name) =>
        System.Text.Encoding.ASCII.GetString(datagram).Split("\r\n").First(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static async Task LeaveMessageAsync(ScenarioServer server)
    {
        var caller = await server.PhoneAsync();
        await caller.DialAsync("1001");
        await caller.HearBeepAsync();
        await caller.SpeakAsync(2);
        caller.HangUp();
        await server.MessagesAsync();
    }
}
