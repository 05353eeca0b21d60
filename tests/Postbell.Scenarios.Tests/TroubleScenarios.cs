namespace Postbell.Scenarios.Tests;

/// <summary>What callers and operators meet when something of the server fails.</summary>
public sealed class TroubleScenarios
{
    [Fact]
    public async Task A_spool_that_takes_nothing_refuses_the_call_with_503_and_a_reason()
    {
        await using var server = await ScenarioServer.StartAsync();
        await server.Journal.DisposeAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        phone.Refusal!.Status.ShouldBe(503);
        phone.Refusal.Headers["Retry-After"].ShouldBe("5");
        phone.Refusal.Headers["ms-diagnostics"]!.ShouldStartWith("15107;");
    }

    [Fact]
    public async Task A_spool_that_fails_during_the_greeting_is_told_in_place_of_the_beep()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        await server.PassAsync(TimeSpan.FromMilliseconds(300));
        await server.Journal.DisposeAsync();
        await phone.BeHungUpAsync();
        phone.Beeps.ShouldBe(0);
        await server.UntilAsync(() => server.Telephony.Calls.Count == 0, "the call to end");
        server.Statistics.Calls["failed"].ShouldBe(1);
    }

    [Fact]
    public async Task A_call_without_a_media_address_is_refused_and_leaves_its_place()
    {
        await using var server = await ScenarioServer.StartAsync(options: new Postbell.Telephony.TelephonyOptions { MaxCalls = 1 });
        server.IsAddressLost = true;
        for (var i = 0; i < 3; i++)
        {
            var phone = await server.PhoneAsync();
            await phone.DialAsync("1001");
            phone.Refusal!.Status.ShouldBe(500);
            phone.Refusal.Headers["ms-diagnostics"]!.ShouldStartWith("15111;");
        }

        server.Telephony.Calls.Count.ShouldBe(0);
        server.IsAddressLost = false;
        var later = await server.PhoneAsync();
        await later.DialAsync("1001");
        later.IsAnswered.ShouldBeTrue();
        later.HangUp();
    }

    [Fact]
    public async Task A_message_over_a_network_that_loses_a_quarter_says_so_in_its_ledger()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        await phone.DialAsync("1001");
        var id = server.Telephony.Calls.Snapshot().Single().Id;
        await phone.HearBeepAsync();
        var packets = 0;
        server.Network.OnDatagram = (_, _, _) => Interlocked.Increment(ref packets) % 4 != 0;
        await phone.SpeakAsync(6);
        phone.HangUp();
        await server.MessagesAsync();
        await server.UntilAsync(() => server.Telephony.Calls.Count == 0, "the call to end");
        var step = (await server.Store.ReadLedgerAsync(id, CancellationToken.None)).Single(row => row.Stage == "poor_audio");
        step.Detail.ShouldMatch("^MOS [23]\\.[0-9]{2}, loss (1|2)[0-9]\\.[0-9] %");
        var (counts, sum) = server.Statistics.Quality.Mos.Read();
        counts.Sum().ShouldBe(1);
        sum.ShouldBeLessThan(3.5);
    }

    [Fact]
    public async Task A_call_refused_for_its_session_description_is_counted_once()
    {
        await using var server = await ScenarioServer.StartAsync();
        var phone = await server.PhoneAsync();
        var offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 18\r\n"u8.ToArray();
        await phone.DialAsync("1001", offer, "application/sdp", []);
        phone.Refusal!.Status.ShouldBe(488);
        await server.UntilAsync(() => server.Telephony.Calls.Count == 0, "the call to end");
        server.Statistics.Calls["no_codec"].ShouldBe(1);
    }
}
