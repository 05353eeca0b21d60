using Postbell.Smtp.Tests.Support;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Session;

/// <summary>What an attacker gets.</summary>
public sealed class AttackTests
{
    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r")]
    [InlineData("\r.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r\n.\r")]
    public async Task A_message_smuggled_behind_a_false_end_is_not_taken(string falseEnd)
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 250\nC: DATA\nS: 354");
        await client.SendAsync("Subject: one\r\n\r\nbody" + falseEnd + "MAIL FROM:<boss@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\nSubject: two\r\n\r\n.\r\n");
        (await client.ReplyAsync()).ShouldStartWith("521 5.5.2");
        (await client.ReplyAsync()).ShouldBe("closed");
        (await server.InboxAsync(server.Ann)).ShouldBeEmpty();
        server.Statistics.BareLineEnds.ShouldBe(1);
    }

    [Theory]
    [InlineData("a\nb\r\n")]
    [InlineData("a\rb\r\n")]
    [InlineData("a\r\nb\r")]
    public async Task A_chunk_with_false_line_ends_is_refused(string chunk)
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 250");
        await client.SendAsync($"BDAT {chunk.Length} LAST\r\n{chunk}NOOP\r\n");
        (await client.ReplyAsync()).ShouldStartWith("550 5.6.0");
        (await client.ReplyAsync()).ShouldStartWith("250 2.0.0");
        (await server.InboxAsync(server.Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_that_ends_with_lf_alone_cuts_the_connection()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.SendAsync("NOOP\nNOOP\r\n");
        (await client.ReplyAsync()).ShouldStartWith("521");
    }

    [Fact]
    public async Task Commands_injected_behind_starttls_are_not_run()
    {
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { Certificate = () => SmtpServer.Certificate });
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.SendAsync("STARTTLS\r\nMAIL FROM:<evil@example.net>\r\n");
        (await client.ReplyAsync()).ShouldStartWith("501 5.5.1");
        (await client.ReplyAsync()).ShouldBe("closed");
    }

    [Theory]
    [InlineData("MAIL FROM:<x@example.net>\0")]
    [InlineData("MAIL FROM:<x@example.net\u0001>")]
    [InlineData("EHLO a\rRCPT")]
    public async Task Control_characters_in_commands_are_refused(string command)
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        (await client.DoAsync(command)).ShouldStartWith("500 5.5.2");
    }

    [Fact]
    public async Task Lines_without_end_nonsense_and_idle_commands_lead_out()
    {
        await using var server = await SmtpServer.StartAsync(
            SmtpServer.Plain with { Limits = new SmtpLimits { BadCommands = 3, IdleCommands = 5, UnknownRecipients = 1 } });
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync($"C: {new string('x', 10_000)}\nS: 500 5.5.6\nC: GET / HTTP/1.1\nS: 500\nC: x\nS: 500\nS: 421\nS: closed");
        client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: NOOP\nS: 250\nC: NOOP\nS: 250\nC: RSET\nS: 250\nC: VRFY a\nS: 252\nC: NOOP\nS: 421\nS: closed");
    }

    [Fact]
    public async Task One_address_has_only_so_many_connections()
    {
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { Limits = new SmtpLimits { ConnectionsPerAddress = 1 } });
        var first = server.Connect(SmtpDoor.Submission, "192.0.2.1");
        (await first.ReplyAsync()).ShouldStartWith("220");
        (await server.Connect(SmtpDoor.Submission, "192.0.2.1").ReplyAsync()).ShouldStartWith("421 4.7.0");
        (await server.Connect(SmtpDoor.Submission, "192.0.2.2").ReplyAsync()).ShouldStartWith("220");
    }

    [Fact]
    public async Task Who_says_nothing_is_sent_away()
    {
        var time = new ManualTime();
        await using var server = await SmtpServer.StartAsync(time: time);
        var client = await server.EnterAsync(SmtpDoor.Intake);
        var reply = client.ReplyAsync();
        while (!reply.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        (await reply).ShouldStartWith("421 4.4.2");
        (await client.ReplyAsync()).ShouldBe("closed");
    }
}
