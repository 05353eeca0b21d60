using System.Net;
using Postbell.Imap.Session;
using Postbell.Imap.Tests.Support;
using Postbell.TestKit;

namespace Postbell.Imap.Tests.Session;

public sealed class ImapSessionTests
{
    [Fact]
    public async Task What_is_no_command_is_named_and_too_many_end_the_connection()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { BadCommands = 5 } });
        var client = server.Connect();
        await client.PlayAsync(
            """
            S: * OK ...
            C: a FOO
            S: a BAD Unknown command
            C: a
            S: a BAD A command name is missing after the tag
            C: (
            S: * BAD A command starts with a tag
            C: c UID NOOP
            S: c BAD Unknown command
            C: d GET / HTTP/1.1
            S: d BAD Unknown command
            S: * BYE Too many commands that are none
            """);
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Every_command_is_refused_in_the_states_it_does_not_belong_to()
    {
        var (server, signedIn) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var stranger = server.Connect();
        await stranger.ReadLineAsync();
        foreach (var entry in CommandTable.All)
        {
            if (!entry.States.HasFlag(SessionState.NotAuthenticated))
            {
                (await stranger.TryAsync(entry.Name)).End.ShouldBe(
                    entry.States == SessionState.Selected ? "BAD Select a mailbox first" : "BAD Sign in first", entry.Name);
                await stranger.DoAsync("NOOP");
            }

            if (!entry.States.HasFlag(SessionState.Authenticated))
            {
                (await signedIn.TryAsync(entry.Name)).End.ShouldBe(
                    entry.States == SessionState.Selected ? "BAD Select a mailbox first" : "BAD Already signed in", entry.Name);
                await signedIn.DoAsync("NOOP");
            }
        }
    }

    [Fact]
    public async Task Bare_line_feeds_and_pipelined_commands_are_understood()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.SendAsync("a NOOP\nb NOOP\r\nc CREATE {1+}\nx\nd NOOP\n");
        foreach (var tag in "abcd")
        {
            (await client.ReadLineAsync()).ShouldStartWith($"{tag} OK");
        }
    }

    [Fact]
    public async Task Commands_may_come_byte_by_byte()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        foreach (var c in "a CREATE {1+}\r\nx\r\nb APPEND x (\\Seen) {12+}\r\nSubject: x\r\n\r\nc STATUS \"x\" (MESSAGES)\r\n")
        {
            await client.SendAsync(c.ToString());
            await Task.Yield();
        }

        (await client.ReadLineAsync()).ShouldStartWith("a OK");
        (await client.ReadLineAsync()).ShouldStartWith("b OK [APPENDUID");
        (await client.ReadLineAsync()).ShouldBe("* STATUS \"x\" (MESSAGES 1)");
        (await client.ReadLineAsync()).ShouldStartWith("c OK");
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused_and_ends_the_connection_before_login()
    {
        await using var server = await ImapServer.StartAsync();
        var client = await server.ConnectAsAnnAsync();
        (await client.TryAsync("NOOP " + new string('x', 20_000))).End.ShouldBe("BAD [TOOBIG] Line too long");
        await client.DoAsync("NOOP");
        var stranger = server.Connect();
        await stranger.ReadLineAsync();
        await stranger.SendAsync("a NOOP " + new string('x', 20_000) + "\r\n");
        (await stranger.ReadLineAsync()).ShouldBe("* BYE [TOOBIG] Command too long");
        (await stranger.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_literal_bomb_is_refused_before_it_is_sent()
    {
        await using var server = await ImapServer.StartAsync();
        var stranger = server.Connect();
        await stranger.PlayAsync(
            """
            S: * OK ...
            C: a LOGIN {2000000000}
            S: a BAD [TOOBIG] Command too long
            C: b LOGIN {999999999999999999}
            S: b BAD [TOOBIG] Command too long
            C: c LOGIN {9999999999999999999999}
            S: c BAD A literal is malformed (at byte 9)
            C: d LOGIN {5000+}
            S: * BYE [TOOBIG] Command too long
            """);
        (await stranger.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task After_login_a_large_literal_sent_unasked_is_read_away()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.TryAsync($"CREATE {{300000+}}\r\n{new string('x', 300_000)}")).End.ShouldBe("BAD [TOOBIG] Command too long");
        await client.DoAsync("NOOP");
    }

    [Fact]
    public async Task A_stranger_who_does_not_sign_in_is_sent_away()
    {
        var time = new ManualTime();
        await using var server = await ImapServer.StartAsync(time: time);
        var client = server.Connect();
        await client.ReadLineAsync();
        await Task.Delay(50);
        time.Advance(TimeSpan.FromSeconds(119));
        await client.DoAsync("NOOP");
        await Task.Delay(50);
        time.Advance(TimeSpan.FromSeconds(1));
        (await client.ReadLineAsync()).ShouldBe("* BYE Closed after too long a silence");
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task After_half_an_hour_of_silence_the_connection_is_closed()
    {
        var time = new ManualTime();
        await using var server = await ImapServer.StartAsync(time: time);
        var client = await server.ConnectAsAnnAsync();
        await Task.Delay(50);
        time.Advance(TimeSpan.FromMinutes(29));
        await client.DoAsync("NOOP");
        await Task.Delay(50);
        time.Advance(TimeSpan.FromMinutes(30));
        (await client.ReadLineAsync()).ShouldBe("* BYE Closed after too long a silence");
    }

    [Fact]
    public async Task Too_many_connections_are_turned_away()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { ConnectionsPerAddress = 2 } });
        var here = IPAddress.Parse("192.0.2.1");
        var first = server.Connect(here);
        (await first.ReadLineAsync()).ShouldStartWith("* OK");
        (await server.Connect(here).ReadLineAsync()).ShouldStartWith("* OK");
        (await server.Connect(here).ReadLineAsync()).ShouldBe("* BYE [LIMIT] Too many connections");
        (await server.Connect(IPAddress.Parse("192.0.2.2")).ReadLineAsync()).ShouldStartWith("* OK");
        await first.TryAsync("LOGOUT");
        await first.Serving;
        (await server.Connect(here).ReadLineAsync()).ShouldStartWith("* OK");
        server.Statistics.RefusedConnections.ShouldBe(1);
    }

    [Fact]
    public async Task Commands_are_counted_by_outcome()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.TryAsync("SELECT nowhere");
        await client.TryAsync("SELECT");
        await client.TryAsync("FOO");
        server.Statistics.Commands.ShouldContain(new ImapCommandCount("SELECT", ImapOutcome.No, 1));
        server.Statistics.Commands.ShouldContain(new ImapCommandCount("SELECT", ImapOutcome.Bad, 1));
        server.Statistics.Commands.ShouldContain(new ImapCommandCount("LOGIN", ImapOutcome.Ok, 1));
        server.Statistics.Commands.ShouldContain(new ImapCommandCount("unknown", ImapOutcome.Bad, 1));
        server.Statistics.OpenConnections.ShouldBe(1);
    }
}
