using Postbell.Directory;
using Postbell.Telephony.Calls;

namespace Postbell.Scenarios.Tests;

/// <summary>Keys that are pressed toward a caller's gateway, in the way it wants.</summary>
public sealed class SentKeyScenarios
{
    [Theory]
    [InlineData(KeySending.Rtp, "12#", "")]
    [InlineData(KeySending.Info, "", "12#")]
    [InlineData(KeySending.Inband, "", "")]
    public async Task A_gateway_hears_keys_as_it_wants_them(KeySending way, string byEvents, string byInfo)
    {
        await using var server = await ScenarioServer.StartAsync();
        server.ChangeGateway(gateway => gateway with { Dtmf = way });
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await phone.HearBeepAsync();
        await phone.HearOutAsync();
        var before = phone.SoundMs;
        (await PressAsync(server, "1,2#")).ShouldBe(200);
        await server.PassAsync(TimeSpan.FromMilliseconds(300));
        (string.Concat(phone.HeardKeys), string.Concat(phone.ReportedKeys)).ShouldBe((byEvents, byInfo));
        // Three presses of 120 ms that are heard, or nothing at all.
        (phone.SoundMs - before > 200).ShouldBe(way == KeySending.Inband);
        phone.HangUp();
    }

    [Fact]
    public async Task Keys_end_with_the_call_and_only_one_order_is_under_way()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        var first = Begin(server, "1,,,,,2");
        await server.UntilAsync(() => phone.HeardKeys.Count == 1, "the first key");
        (await PressAsync(server, "3")).ShouldBe(491);
        phone.HangUp();
        await server.UntilAsync(() => first.IsCompleted, "the keys to end");
        (await first).ShouldBe(481);
        string.Concat(phone.HeardKeys).ShouldBe("1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1e")]
    [InlineData("a")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void What_are_no_keys_is_not_pressed(string keys) => InboundCall.AreKeys(keys).ShouldBeFalse();

    private static async Task<int> PressAsync(ScenarioServer server, string keys)
    {
        var pressed = Begin(server, keys);
        await server.UntilAsync(() => pressed.IsCompleted, "the keys to be sent");
        return await pressed;
    }

    private static async Task<int> Begin(ScenarioServer server, string keys)
    {
        var call = server.Telephony.Calls.Find(server.Telephony.Calls.Snapshot().Single().Id)!;
        var status = 0;
        await call.Executor.RunAsync(async () => status = await call.PressAsync(keys));
        return status;
    }
}
