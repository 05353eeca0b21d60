namespace Postbell.Scenarios.Tests;

/// <summary>The end of the server.</summary>
public sealed class StopScenarios
{
    [Fact]
    public async Task Calls_that_outlast_the_drain_are_hung_up_on_and_their_messages_kept()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        var stopped = server.Telephony.StopAsync(new CancellationToken(canceled: true));
        await server.UntilAsync(() => stopped.IsCompleted, "the stop");
        phone.WasHungUp.ShouldBeTrue();
        (await server.MessagesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(Postbell.Mailbox.MessageKind.Voice);
    }

    [Fact]
    public async Task A_call_that_never_ends_does_not_keep_the_server_from_stopping()
    {
        await using var server = await ScenarioServer.StartAsync();
        server.Telephony.Calls.TryEnter().ShouldBeTrue();
        var stopped = server.Telephony.StopAsync(new CancellationToken(canceled: true));
        await server.PassAsync(TimeSpan.FromSeconds(9));
        stopped.IsCompleted.ShouldBeFalse();
        await server.UntilAsync(() => stopped.IsCompleted, "the stop", 5);
        server.Telephony.Calls.Leave();
    }
}
