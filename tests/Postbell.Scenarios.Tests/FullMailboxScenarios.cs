using Postbell.Mailbox;

namespace Postbell.Scenarios.Tests;

/// <summary>Callers of somebody whose mailbox is full (reference 3.12).</summary>
public sealed class FullMailboxScenarios
{
    [Fact]
    public async Task A_caller_is_told_before_speaking_and_a_note_remains()
    {
        await using var server = await ScenarioServer.StartAsync();
        server.Quota = new MailboxQuota { MessageLimit = 1 };
        await LeaveMessageAsync(server);
        (await server.MessagesAsync()).Count.ShouldBe(1);

        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.BeHungUpAsync();
        phone.Beeps.ShouldBe(0);
        (await server.MessagesAsync()).Select(m => m.Kind).ShouldBe([MessageKind.Voice, MessageKind.MissedCall]);
        (await server.Store.RecentLedgerAsync(10, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_that_was_spoken_is_kept_although_the_mailbox_filled_meanwhile()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        server.Quota = new MailboxQuota { StorageLimit = 0 };
        await phone.SpeakAsync(2);
        phone.HangUp();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.Voice);
    }

    private static async Task LeaveMessageAsync(ScenarioServer server)
    {
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        phone.HangUp();
        await server.MessagesAsync();
    }
}
