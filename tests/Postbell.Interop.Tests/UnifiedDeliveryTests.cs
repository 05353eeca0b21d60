using System.Text.Json;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>A policy whose messages are in the organization's mail system: they leave by SMTP and are nowhere else.</summary>
public sealed class UnifiedDeliveryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_leaves_by_SMTP_and_is_nowhere_else_and_waits_while_the_mail_system_is_down()
    {
        await using var system = new SmtpSink();
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        await server.LaunchWithAsync($"  listen: [\"{server.Ready.Sip}\"]", Organization, more: Sections(system, LocalPorts.Run(1)));
        await using var phone = new TestPhone(server.Ready.Sip);
        (await LampAsync(phone)).ShouldStartWith("Messages-Waiting: no\r\n");

        var first = await LeaveMessageAsync(server);
        await Deadline.UntilAsync(() => Arrived(system, first) == 1, Limit, $"the message in the mail system; the server said:\n{server.Errors}");
        system.Messages.Single().To.ShouldBe([$"RCPT TO:<{server.Ready.Person("1001").User}@example.test>"]);
        (await CountAsync(server)).ShouldBe(0);

        system.Answer = static c => c == "(greeting)" ? "421 4.3.2 Down" : null;
        var second = await LeaveMessageAsync(server);
        var id = await Deadline.UntilAsync(() => WaitingAsync(server), Limit, "a message in the queue that says why it waits");
        (await CountAsync(server)).ShouldBe(0);
        (await LampAsync(phone)).ShouldStartWith("Messages-Waiting: no\r\n");
        Arrived(system, second).ShouldBe(0);

        system.Answer = static _ => null;
        (await server.CommandAsync("queue", "retry", id)).ShouldSucceed();
        await Deadline.UntilAsync(() => Arrived(system, second) == 1, Limit, $"the second message in the mail system; the server said:\n{server.Errors}");
        (await server.CommandAsync("trace", id)).ShouldSucceed().Output.ShouldContain("250 2.0.0 Ok: queued as SINK1");
        (await CountAsync(server)).ShouldBe(0);
        (Arrived(system, first), Arrived(system, second)).ShouldBe((1, 1));
    }

    private static string Organization =>
        """
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Loopback
              address: loopback
              dialPlan: Demo
          mailboxPolicies:
            - name: Elsewhere
              dialPlan: Demo
              delivery: Unified
        """;

    private static string Sections(SmtpSink system, int port) =>
        $"""
        mailDomain: example.test
        smtp:
          submission: ["127.0.0.1:{port}"]
          submissions: []
          outbound:
            smartHost: 127.0.0.1
            port: {system.Port}
            tls: None
        """;

    private static int Arrived(SmtpSink system, string callId) => system.Messages.Count(m => m.Text.Contains($"X-CallID: {callId}", StringComparison.Ordinal));

    private static async Task<string> LeaveMessageAsync(PostbellServer server)
    {
        await using var phone = new TestPhone(server.Ready.Sip);
        await using var call = await phone.CallAsync("1001");
        await call.HearBeepAsync();
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        return call.CallId;
    }

    private static async Task<int> CountAsync(PostbellServer server)
    {
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
        return (await mailbox.SearchAsync("ALL")).Count;
    }

    private static async Task<string?> WaitingAsync(PostbellServer server)
    {
        using var queue = JsonDocument.Parse((await server.CommandAsync("queue", "--json")).ShouldSucceed().Output);
        var waiting = queue.RootElement.GetProperty("messages").EnumerateArray().FirstOrDefault(m => m.TryGetProperty("last_problem", out var why) && why.GetString()?.Contains("421 4.3.2 Down") == true);
        return waiting.ValueKind == JsonValueKind.Undefined ? null : waiting.GetProperty("id").GetString();
    }

    private static async Task<string> LampAsync(TestPhone phone)
    {
        var answer = await phone.AskAsync("SUBSCRIBE", "1001", $"lamp-{Guid.NewGuid():N}", 1, "Event: message-summary\r\nAccept: application/simple-message-summary\r\nExpires: 0\r\n");
        answer.Status.ShouldBeInRange(200, 202);
        using var limit = new CancellationTokenSource(Limit);
        return (await phone.Requests.ReadAsync(limit.Token)).Body;
    }
}
