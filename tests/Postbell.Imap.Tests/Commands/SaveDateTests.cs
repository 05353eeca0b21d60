using Postbell.Imap.Tests.Support;
using Postbell.TestKit;

namespace Postbell.Imap.Tests.Commands;

/// <summary>SAVEDATE, RFC 8514.</summary>
public sealed class SaveDateTests
{
    [Fact]
    public async Task It_is_when_the_message_came_into_the_folder()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero));
        await using var server = await ImapServer.StartAsync(time: time);
        await server.DeliverAsync(Mail.Simple("1"), date: new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero));
        time.Advance(TimeSpan.FromDays(2));
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.DoAsync("COPY 1 Archive");
        await client.PlayAsync(
            """
            C: a FETCH 1 (SAVEDATE INTERNALDATE)
            S: * 1 FETCH (SAVEDATE " 1-Mar-2026 12:30:00 +0000" INTERNALDATE " 2-Jan-2020 03:04:05 +0000")
            S: a OK ...
            C: b SEARCH SAVEDON 1-Mar-2026
            S: * SEARCH 1
            S: b OK ...
            C: c SEARCH SAVEDBEFORE 1-Mar-2026
            S: * SEARCH
            S: c OK ...
            C: d SEARCH SAVEDSINCE 1-Mar-2026 SAVEDATESUPPORTED
            S: * SEARCH 1
            S: d OK ...
            C: e SEARCH SAVEDSINCE tomorrow
            S: e BAD ...
            """);
        await client.DoAsync("SELECT Archive");
        (await client.DoAsync("FETCH 1 SAVEDATE"))[0].ShouldBe("* 1 FETCH (SAVEDATE \" 3-Mar-2026 12:30:00 +0000\")");
        (await client.DoAsync("SEARCH SAVEDSINCE 2-Mar-2026"))[0].ShouldBe("* SEARCH 1");
    }
}
