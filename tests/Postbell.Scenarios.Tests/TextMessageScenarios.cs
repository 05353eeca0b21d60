using System.Text;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Scenarios.Tests;

/// <summary>Text messages of a gateway (RFC 3428): what is accepted is in the mailbox, what is not is refused for a reason.</summary>
public sealed class TextMessageScenarios
{
    [Fact]
    public async Task A_text_message_is_accepted_once_it_is_durable_and_comes_into_the_mailbox()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        var answer = await phone.WriteAsync("1001", "Grüße vom Dach");
        (answer.Status, answer.Contact).ShouldBe((202, null));
        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        message.Kind.ShouldBe(MessageKind.Text);
        message.CallerNumber.ShouldBe("+4930123");
        message.Preview.ShouldStartWith("Grüße vom Dach");
        (await server.Store.CountVoiceAsync(server.Ann.Id, default)).New.ShouldBe(0);
        server.Statistics.TextMessages.ShouldBe(new Dictionary<string, long> { ["accepted"] = 1 });
        (await server.Store.RecentLedgerAsync(10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_cannot_be_written_to_is_told_to_the_sender()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        (await phone.WriteAsync("1999", "hello")).Status.ShouldBe(404);
        var html = await phone.WriteAsync("1001", "<p>hello</p>", "text/html");
        html.Status.ShouldBe(415);
        html.Headers.GetAll("Accept").ShouldContain("text/plain");
        (await phone.WriteAsync("1001", new string('x', 40_000))).Status.ShouldBe(513);
        (await phone.WriteAsync("1001", " ")).Status.ShouldBe(400);

        server.Quota = new MailboxQuota { StorageLimit = 0 };
        var full = await phone.WriteAsync("1001", "hello");
        (full.Status, full.Reason).ShouldBe((480, "Mailbox Full"));
        server.Quota = MailboxQuota.Unlimited;

        server.ChangeGateway(static gateway => gateway with { Status = GatewayStatus.NoNewCalls });
        (await phone.WriteAsync("1001", "hello")).Status.ShouldBe(503);
        server.ChangeGateway(static gateway => gateway with { Status = GatewayStatus.Disabled });
        (await phone.WriteAsync("1001", "hello")).Status.ShouldBe(403);
        (await server.MessagesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_policy_can_forbid_text_messages()
    {
        var policy = new MailboxPolicy { Name = "quiet", DialPlan = ScenarioServer.Plan.Name, AllowTextMessages = false, AllowMessageWaitingIndicator = false };
        await using var server = await ScenarioServer.StartAsync(policy: policy);
        var phone = await server.PhoneAsync();
        var answer = await phone.WriteAsync("1001", "hello");
        (answer.Status, answer.Reason).ShouldBe((403, "No Text Messages"));
        (await phone.SubscribeAsync("1001", 3600)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_text_message_within_a_call_goes_to_whom_the_call_is_for()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        (await phone.WriteInCallAsync("the door code is 42")).Status.ShouldBe(202);
        phone.HangUp();
        var messages = await server.MessagesAsync();
        messages.Count(message => message.Kind == MessageKind.Text).ShouldBe(1);
    }

    [Fact]
    public async Task A_sender_who_withholds_who_it_is_stays_unknown()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        (await phone.WriteAsync("1001", "guess who", "text/plain", new SipHeader("Privacy", "id"))).Status.ShouldBe(202);
        (await server.MessagesAsync()).ShouldHaveSingleItem().CallerNumber.ShouldBeNull();
    }
}
