using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class IdleTests
{
    [Fact]
    public async Task A_delivery_is_told_at_once()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a IDLE
            S: + Idling
            """);
        await server.DeliverAsync(Mail.Simple("1"));
        await client.PlayAsync(
            """
            S: * 1 EXISTS
            S: * 1 RECENT
            C: DONE
            S: a OK ...
            """);
    }

    [Fact]
    public async Task What_another_client_does_is_told_at_once()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a IDLE
            S: + Idling
            """);
        await other.DoAsync("STORE 2 +FLAGS (\\Deleted)");
        (await client.ReadLineAsync()).ShouldBe("* 2 FETCH (FLAGS (\\Deleted \\Recent))");
        await other.DoAsync("EXPUNGE");
        await client.PlayAsync(
            """
            S: * 2 EXPUNGE
            C: done
            S: a OK ...
            """);
    }

    [Fact]
    public async Task It_is_pushed_within_a_second_also_through_TLS()
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions { Certificate = () => ImapServer.Certificate });
        var client = server.Connect(tlsFirst: true);
        await client.StartTlsAsync();
        await client.ReadLineAsync();
        await client.DoAsync($"LOGIN ann \"{ImapServer.Password}\"");
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a IDLE
            S: + Idling
            """);
        for (var i = 1; i <= 5; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
            var start = System.Diagnostics.Stopwatch.StartNew();
            (await client.ReadLineAsync()).ShouldBe($"* {i} EXISTS");
            (await client.ReadLineAsync()).ShouldBe($"* {i} RECENT");
            start.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        }

        await client.PlayAsync(
            """
            C: DONE
            S: a OK ...
            """);
    }

    [Fact]
    public async Task A_line_is_sent_now_and_then_and_the_end_comes_after_half_an_hour()
    {
        var time = new TestKit.ManualTime();
        await using var server = await ImapServer.StartAsync(time: time);
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a IDLE
            S: + Idling
            """);
        for (var i = 0; i < 7; i++)
        {
            await AdvanceAsync(time, TimeSpan.FromMinutes(4));
            (await client.ReadLineAsync()).ShouldBe("* OK Still here");
        }

        await AdvanceAsync(time, TimeSpan.FromMinutes(2));
        (await client.ReadLineAsync()).ShouldBe("* BYE Closed after too long a silence");
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Anything_but_DONE_is_bad()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a IDLE
            S: + Idling
            C: b NOOP
            S: a BAD DONE is wanted
            C: c NOOP
            S: c OK ...
            """);
    }

    private static async Task AdvanceAsync(TestKit.ManualTime time, TimeSpan by)
    {
        // The server arms its timer a moment after it answered.
        await Task.Delay(50);
        time.Advance(by);
    }
}
