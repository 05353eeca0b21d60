using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>The lamp of 1005, as a desk phone that subscribed sees it.</summary>
public sealed class MessageWaitingTests(SharedServer shared)
{
    private const string Called = "1005";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_subscriber_sees_the_lamp_go_on_with_a_message_and_off_when_it_is_read_by_mail()
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        var callId = $"lamp-{Guid.NewGuid():N}";
        const string Wanted = "Event: message-summary\r\nAccept: application/simple-message-summary\r\nExpires: 600\r\n";
        var answer = await phone.AskAsync("SUBSCRIBE", Called, callId, 1, Wanted);
        answer.Status.ShouldBeInRange(200, 202);
        var first = await NextAsync(phone);
        first.Required("Event").ShouldStartWith("message-summary");
        first.Required("Subscription-State").ShouldStartWith("active");
        first.Required("Content-Type").ShouldBe("application/simple-message-summary");
        first.Body.ShouldStartWith("Messages-Waiting: no\r\n");

        await using var call = await phone.CallAsync(Called);
        await call.HearBeepAsync();
        await call.SpeakAsync(await Speech.SentenceAsync(0));
        await call.HangUpAsync();
        var on = await NextWithAsync(phone, "Messages-Waiting: yes");
        on.Body.ShouldContain("Voice-Message: 1/0 (0/0)");

        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var mail = await mailbox.WaitForCallAsync(call.CallId);
        await mailbox.SetSeenAsync(mail.Uid);
        var off = await NextWithAsync(phone, "Messages-Waiting: no");
        off.Body.ShouldContain("Voice-Message: 0/1 (0/0)");

        // Expires: 0 ends it, with one last NOTIFY (RFC 6665 4.1.2.3).
        await phone.AskAsync("SUBSCRIBE", Called, callId, 2, Wanted.Replace("600", "0"), ToTag(answer));
        (await NextAsync(phone)).Required("Subscription-State").ShouldStartWith("terminated");
    }

    [Fact]
    public async Task A_subscription_to_another_event_is_refused()
    {
        await using var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        var answer = await phone.AskAsync("SUBSCRIBE", Called, $"lamp-{Guid.NewGuid():N}", 1, "Event: weather\r\nExpires: 600\r\n");
        answer.Status.ShouldBe(489);
        answer.Required("Allow-Events").ShouldContain("message-summary");
    }

    private static string ToTag(SipText answer) => answer.Required("To").Split(";tag=")[1];

    private static async Task<SipText> NextAsync(TestPhone phone)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await phone.Requests.ReadAsync(limit.Token);
    }

    private static async Task<SipText> NextWithAsync(TestPhone phone, string line)
    {
        while (true)
        {
            var request = await NextAsync(phone);
            if (request.Body.Contains(line, StringComparison.Ordinal))
            {
                return request;
            }
        }
    }
}
