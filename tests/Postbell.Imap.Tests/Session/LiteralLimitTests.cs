using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>What clients may send before and after login, in whatever pieces.</summary>
public sealed class LiteralLimitTests
{
    [Theory]
    [InlineData("{100+}", 100)]
    [InlineData("{0+}", 0)]
    public async Task Many_small_literals_before_login_are_one_large_command(string mark, int length)
    {
        await using var server = await ImapServer.StartAsync();
        var stranger = server.Connect();
        await stranger.ReadLineAsync();
        await stranger.SendAsync("a LOGIN " + string.Concat(Enumerable.Repeat($"{mark}\r\n{new string('x', length)} ", 5000)));
        (await stranger.ReadLineAsync()).ShouldBe("* BYE [TOOBIG] Command too long");
        (await stranger.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_binary_literal_before_login_is_bounded_as_any_other()
    {
        await using var server = await ImapServer.StartAsync();
        var stranger = server.Connect();
        await stranger.PlayAsync(
            """
            S: * OK ...
            C: a APPEND INBOX ~{70000}
            S: a BAD [TOOBIG] Command too long
            C: b APPEND INBOX {64}
            S: + Go ahead
            """);
        await stranger.SendAsync(new string('x', 64) + "\r\n");
        (await stranger.ReadLineAsync()).ShouldBe("b BAD Sign in first");
        await stranger.SendAsync("c APPEND INBOX ~{70000+}\r\n");
        (await stranger.ReadLineAsync()).ShouldBe("* BYE [TOOBIG] Command too long");
        (await stranger.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Many_literals_after_login_are_bounded_together()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.SendAsync("a LIST " + string.Concat(Enumerable.Repeat($"{{50000+}}\r\n{new string('x', 50_000)} ", 6)) + "\r\n");
        (await client.ReadLineAsync()).ShouldBe("a BAD [TOOBIG] Command too long");
        await client.DoAsync("NOOP");
    }

    [Fact]
    public async Task Commands_sent_ahead_with_large_messages_between_them_are_answered_in_their_order()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        var large = Mail.Simple("large", string.Concat(Enumerable.Repeat(new string('z', 998) + "\r\n", 400)));
        var text = $"a APPEND INBOX {{{large.Length}+}}\r\n{large}\r\nb NOOP\r\nc APPEND nowhere {{{large.Length}+}}\r\n{large}\r\n"
            + $"d APPEND INBOX (\\Seen) ~{{{large.Length}+}}\r\n{large}\r\ne UID SEARCH ALL\r\nf STORE 1 +FLAGS.SILENT (\\Flagged)\r\ng FETCH 1:2 (RFC822.SIZE)\r\n";
        var sending = client.SendAsync(text);
        var tagged = new List<string>();
        while (tagged.Count < 7)
        {
            var line = await client.ReadLineAsync();
            line.ShouldNotBeNull();
            if (!line.StartsWith('*'))
            {
                tagged.Add(line);
            }
        }

        await sending;
        tagged.Select(static l => l[..4]).ShouldBe(["a OK", "b OK", "c NO", "d OK", "e OK", "f OK", "g OK"]);
        (await client.DoAsync("FETCH 1:* RFC822.SIZE")).ShouldBe([$"* 1 FETCH (RFC822.SIZE {large.Length})", $"* 2 FETCH (RFC822.SIZE {large.Length})"]);
    }

    [Fact]
    public async Task A_message_announced_and_never_sent_ends_by_silence()
    {
        var time = new TestKit.ManualTime();
        await using var server = await ImapServer.StartAsync(time: time);
        var client = await server.ConnectAsAnnAsync();
        await client.SendAsync("a APPEND INBOX {60000000}\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("+ ");
        await Task.Delay(50);
        time.Advance(TimeSpan.FromMinutes(30));
        (await client.ReadLineAsync()).ShouldBe("* BYE Closed after too long a silence");
    }
}
