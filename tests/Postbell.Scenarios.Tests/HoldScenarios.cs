namespace Postbell.Scenarios.Tests;

/// <summary>Hold and resume of a one-legged call.</summary>
public sealed class HoldScenarios
{
    [Fact]
    public async Task Time_on_hold_is_not_recorded_and_does_not_count_as_silence()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.SpeakAsync(2);
        (await phone.HoldAsync(true)).Status.ShouldBe(200);
        await server.PassAsync(TimeSpan.FromSeconds(15));
        (await phone.HoldAsync(false)).Status.ShouldBe(200);
        await phone.SpeakAsync(2);
        phone.HangUp();
        var message = (await server.MessagesAsync()).ShouldHaveSingleItem();
        message.VoiceDuration!.Value.ShouldBeInRange(TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(6));
    }
}
